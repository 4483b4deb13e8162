// SPDX-License-Identifier: LGPL-2.1-or-later
// FFDNet: Zhang, Zuo, Zhang, "FFDNet: toward a fast and flexible solution for CNN-based image denoising", IEEE TIP
// 2018, section III. Works on 2×2 sub-images at half resolution and takes the noise level as a map.
//
// gray, rgb   as published: one map plane for all sub-images
// bayer       the four sub-images are the four sites of the CFA cell, each with its own map plane, so that noise that
//             depends on the signal is known site by site
// yuv420      4:2:0 video comes as sub-images already: four of luma and the two chroma planes, all of one size. Luma, U
//             and V have a map plane each
#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"
#include "network/architectures/sequential.hpp"

namespace rdenoise {
namespace {

constexpr int factor = 2;

/// The frame's own planes are the sub-images: nothing to shuffle.
NetworkSpec build_yuv420(const NetworkParams& params) {
  constexpr int map_channels = 3;
  LayerList list(params);
  const int image = list.image();
  const int joined = list.concatenate(image, list.noise_map(1, map_channels));
  const int last = append_sequential(list.layers(), joined, params, params.image_channels);
  if (params.residual) list.subtract(image, last);
  return list.take();
}

NetworkSpec build(const NetworkParams& params) {
  if (params.input == InputDomain::yuv420) return build_yuv420(params);
  LayerList list(params);
  const int image = list.image();
  const int sub_images = list.unshuffle(image, factor);
  // A mosaic's map is of full size: each site of the cell has its own plane of it.
  const int map =
      params.input == InputDomain::bayer ? list.unshuffle(list.noise_map(1), factor) : list.noise_map(factor);
  const int joined = list.concatenate(sub_images, map);
  const int last = append_sequential(list.layers(), joined, params, params.image_channels * factor * factor);
  const int shuffled = list.shuffle(last, factor);
  if (params.residual) list.subtract(image, shuffled);
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  SequentialShape shape;
  if (!recognise_sequential(tensors, shape) || shape.batch_scale) return false;
  // Four channels in are FDnCNN's: a colour picture and its map.
  if (shape.in_channels == 4 || shape.in_channels == 12) return false;
  const int channels = shown_channels(shape);
  if (channels == 5 || channels == 4)
    params = {.input = InputDomain::gray, .image_channels = 1};
  else if (channels == 13 || channels == 12)
    params = {.input = InputDomain::rgb, .image_channels = 3};
  else if (channels == 8)
    params = {.input = InputDomain::bayer, .image_channels = 1};
  else if (channels == 9 || channels == 6)
    params = {.input = InputDomain::yuv420, .image_channels = 6};
  else
    return false;
  params.network = "ffdnet";
  params.depth = shape.depth;
  params.width = shape.width;
  params.batch_norm = shape.batch_norm;
  params.bias = shape.bias;
  params.residual = false;
  return true;
}

const NetworkParams examples[] = {
    {.network = "ffdnet", .input = InputDomain::gray, .image_channels = 1, .depth = 15, .width = 64},
    {.network = "ffdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 12, .width = 96},
    {.network = "ffdnet",
     .input = InputDomain::bayer,
     .image_channels = 1,
     .depth = 6,
     .width = 32,
     .batch_norm = true,
     .residual = true},
    {.network = "ffdnet", .input = InputDomain::yuv420, .image_channels = 6, .depth = 7, .width = 32, .residual = true},
};

}  // namespace

const Architecture ffdnet_architecture{"ffdnet",
                                       "FFDNet (Zhang et al. 2018): half-resolution sub-images with a noise level map",
                                       build, recognise, examples};

}  // namespace rdenoise
