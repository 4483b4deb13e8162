// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise figures that others measured for whole camera models: a prior where the picture itself tells too little.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <rdenoise/noise.hpp>
#include <string_view>
#include <vector>

namespace rdenoise {

/// What to do with the figures of darktable's files, which are known to be too low for a mosaic.
enum class ProfileBias {
  corrected,  ///< σ times 2·(1.6, 2.0, 1.4) for R, G, B, see CameraProfiles
  as_stored
};

/// The ISOs that somebody measured a camera at.
struct IsoRange {
  double least = 0.0;
  double greatest = 0.0;
  bool operator==(const IsoRange&) const = default;
};

/// The camera noise profiles of an installed darktable (noiseprofiles.json): (a, b) of variance(x) = a·x + b for R, G,
/// B at each ISO that somebody measured, x = 0 … 1 from black to white. The file is GPL and stays where the user has
/// it.
///
/// Its σ is lower than that of the mosaic: by exactly 2, since the Haar detail from which it was measured is normalised
/// so, and by 1.2 … 2 because the fit was made on demosaiced pixels, which are smoother; about 1.6, 2.0 and 1.4 in R, G
/// and B. Measured ratios lie between 2 and 4 (rarely 1 and 28). ProfileBias::corrected multiplies the variance by the
/// squares of these factors: 10.24, 16.0 and 7.84.
///
/// confidence of a found profile is 0.5, since after the correction σ is right only within a factor of about 1.5; it is
/// halved for each repair that was needed:
///   · b below 0 in some channel (a line fitted to figures that bend); b is 0 then
///   · a not above 0 in some channel (a failed fit); it takes the mean a and b of the others, whose pixels have the
///   same
///     amplifier
///   · an ISO outside of the measured ones, by a stop at most; a is proportional to the ISO there, b to its square
class CameraProfiles {
 public:
  /// throws  Error{not_found|io}; Error{corrupt}, naming the key
  [[nodiscard]] static CameraProfiles load(const std::filesystem::path& path,
                                           ProfileBias bias = ProfileBias::corrected);

  /// The profile of a camera (bayer: R, G, B) at an ISO; between two measured ones a and b run along straight lines in
  /// log-log, b in a straight line where it is not above 0. Nothing if the camera is not in the file, the ISO is
  /// unknown (not above 0) or farther outside than a stop.
  ///
  /// Names: case, spaces and punctuation do not matter; the maker's name may stand in front of the model's or not; of
  /// the maker's name the first word counts ("NIKON CORPORATION"); a model that begins with a maker's name belongs to
  /// that maker whatever `make` says ("RICOH IMAGING", "PENTAX K-3"); Canon's names for Japan and America ("EOS Kiss
  /// X4", "EOS Rebel T2i") mean the European one ("EOS 550D").
  [[nodiscard]] std::optional<NoiseProfile> find(std::string_view make, std::string_view model, double iso) const;

  /// Outside of these find() extrapolates. Nothing if the camera, named as there, is not in the file.
  [[nodiscard]] std::optional<IsoRange> measured_isos(std::string_view make, std::string_view model) const;

  [[nodiscard]] std::size_t camera_count() const noexcept;

 private:
  struct Cameras;
  explicit CameraProfiles(std::shared_ptr<const Cameras> cameras) : cameras_(std::move(cameras)) {}
  std::shared_ptr<const Cameras> cameras_;
};

/// Where darktable puts its file: darktable/noiseprofiles.json below each folder of XDG_DATA_DIRS, then below
/// /opt/darktable/share. Best first; the files need not exist.
[[nodiscard]] std::vector<std::filesystem::path> default_camera_profile_paths();

/// The noise of a Raspberry Pi camera (bayer: R, G, B all the same) from its tuning file for libcamera, algorithm
/// `rpi.noise`: σ = constant + slope·√x, x and σ in steps of a 16-bit scale above the black level, at analogue gain 1.
/// At gain g this is variance(x) = slope²·g/(65535 − black)·x in normalised signal; how read noise behaves is not told
/// (b = 0), so confidence is 0.5. Binned modes have less noise than this.
/// throws  Error{not_found|io|corrupt}; Error{unsupported} for a constant that is not 0, because variance is no line
///         then; Error{invalid_argument} for a gain that is not above 0
[[nodiscard]] NoiseProfile read_raspberry_pi_noise(const std::filesystem::path& path, double analogue_gain);

}  // namespace rdenoise
