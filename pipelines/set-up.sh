# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by pipelines/quickstart and tests/run: what a build needs, and the build itself.
# shellcheck shell=bash

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

build_packages=(
  g++ meson ninja-build pkg-config
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  libraw-dev libdnnl-dev libtbb-dev libpng-dev libtiff-dev libjpeg-dev zlib1g-dev
  nlohmann-json3-dev libcli11-dev libkissfft-dev
)
# gstreamer1.0-x draws the figures on the preview.
gstreamer_packages=(gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-x)

say() { printf '%s\n' "$*" >&2; }

# Installs those of the given Debian packages that are missing; touches nothing if none is.
install_missing() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is no Debian system. What the build needs, by its Debian names: $*"
    return 0
  fi
  local package missing=()
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status} ' "$package" 2>/dev/null) == *"installed "* ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "These packages are missing: ${missing[*]}"
      say "Neither root nor sudo is at hand. Have them installed: apt-get install --no-install-recommends ${missing[*]}"
      return 1
    fi
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  # Old package lists may still do, so a failed update alone is no reason to stop.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || say "apt-get update failed; trying on"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# build_in FOLDER MESON_OPTION...: configures once, then builds what changed.
build_in() {
  local folder=$1
  shift
  if [[ ! -f $folder/build.ninja ]]; then
    meson setup "$folder" "$repository" "$@" >&2
  fi
  meson compile -C "$folder" >&2
}

# in_devenv FOLDER COMMAND...: runs a command where the programs, the plugin and the models of a build are found.
in_devenv() {
  local folder=$1
  shift
  meson devenv -C "$folder" -w "$PWD" "$@"
}
