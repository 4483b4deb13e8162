// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of where to denoise a RAW photo: as a mosaic, where noise is independent from pixel to pixel and its level a
// line, or after development, where demosaicing has correlated it and the tone curve bent it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "studies/study_run.hpp"

namespace rdenoise::training {

struct BayerStudy {
  std::string bayer_model;                ///< for mosaics; name, folder or file
  std::string color_model;                ///< for developed pictures
  std::vector<std::string> blind_models;  ///< for developed pictures, too
  /// As CameraProfiles calls them, the maker's name in front. Of the defaults, Nikon's was measured up to ISO 6400.
  std::vector<std::string> cameras{"Canon EOS 5D Mark IV", "Nikon D600", "Sony ILCE-7M3"};
  std::vector<double> isos{800, 1600, 3200, 6400, 12800, 25600};
  /// Factors on the σ that the colour model is told of a developed picture: what was trained on white noise may want
  /// more of correlated noise.
  std::vector<double> strengths{1.5, 2.0, 3.0};
  std::filesystem::path profiles;  ///< darktable's file; empty: DATA/profiles/noiseprofiles.json, or where it installs
  std::size_t every = 1;           ///< of the test pictures only each every-th
};

/// Brings each picture (usual set: Kodak24) back to the mosaic that a camera may have seen, of white balance and matrix
/// that CameraSimulator draws for each camera's number, adds the noise of the camera's profile, rounds to 14 bit, and
/// develops as rddevelop does: as it is, denoised as a mosaic, and denoised afterwards. The reference is the same
/// development of the mosaic without noise. Ways, by the names of their columns:
///   noisy                     not denoised
///   mosaic                    the Bayer model, told the profile; then developed
///   developed_estimate        developed, then the colour model, told rdn denoise's estimate a·x + b of that picture
///   developed_level_function  the same, told the estimate for processed pictures
///   developed_profile         the same, told the camera's profile as development changes it (developed_noise)
///   developed_profile_x1.5 …  the same times each of the strengths
///   developed_NAME            developed, then each of the blind models
/// Writes
///   bayer.csv  camera, iso, extrapolated_from_iso, a_green, b_green, pictures, mosaic_gain_db (over
///              developed_estimate), mosaic_gain_over_best_db (over the best of developed_… in that row), and
///              WAY_psnr_db and WAY_ssim: means over the pictures. Then rows of the camera "mean".
///   bayer.svg  PSNR against ISO, means over the cameras; below it what the mosaic gains
/// Outside of the ISOs that a camera was measured at a grows with the ISO and b with its square, from the nearest one,
/// which extrapolated_from_iso then tells. Noise depends on the picture's place alone: equal for all cameras and ISOs
/// but for its strength.
///
/// throws  Error{invalid_argument} for models of other kinds, a camera that has no profile, or lists or
///         numbers that are empty or out of range; as CameraProfiles::load, load_model and StudyRun; StudyStopped
void run_bayer_study(const BayerStudy& study, StudyRun& run);

}  // namespace rdenoise::training
