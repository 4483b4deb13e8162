// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/huffman_code.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace rdenoise {
namespace {

/// One more than there are: it takes the word of ones alone, being rarer than all others and thus among the longest.
constexpr std::size_t reserved = huffman_symbols;
using Weights = std::array<std::uint64_t, huffman_symbols + 1>;
using Lengths = std::array<int, huffman_symbols + 1>;

/// Depth of each symbol in Huffman's tree.
Lengths depths(const Weights& weights) {
  // Nodes: the symbols first, then the pairs as they are made.
  std::vector<std::size_t> parent(weights.size());
  using Node = std::pair<std::uint64_t, std::size_t>;
  std::priority_queue<Node, std::vector<Node>, std::greater<>> rarest;
  for (std::size_t symbol = 0; symbol < weights.size(); ++symbol) {
    if (weights[symbol] > 0) rarest.emplace(weights[symbol], symbol);
  }
  const auto take = [&](std::size_t new_parent) {
    const auto [weight, node] = rarest.top();
    rarest.pop();
    parent[node] = new_parent;
    return weight;
  };
  while (rarest.size() > 1) {
    const std::size_t pair = parent.size();
    parent.push_back(0);
    const std::uint64_t first = take(pair);
    rarest.emplace(first + take(pair), pair);
  }
  const std::size_t root = parent.size() - 1;
  Lengths lengths{};
  for (std::size_t symbol = 0; symbol < weights.size(); ++symbol) {
    if (weights[symbol] == 0) continue;
    for (std::size_t node = symbol; node != root; node = parent[node]) ++lengths[symbol];
  }
  return lengths;
}

}  // namespace

HuffmanCode make_huffman_code(const std::array<std::uint64_t, huffman_symbols>& frequency) {
  constexpr int longest_bits = 16;
  Weights weights{};
  for (std::size_t symbol = 0; symbol < huffman_symbols; ++symbol) weights[symbol] = 2 * frequency[symbol];
  weights[reserved] = 1;
  Lengths lengths = depths(weights);
  while (std::ranges::max(lengths) > longest_bits) {
    for (std::size_t symbol = 0; symbol < huffman_symbols; ++symbol) {
      if (weights[symbol] > 0) weights[symbol] = std::max<std::uint64_t>(weights[symbol] / 2, 2);
    }
    lengths = depths(weights);
  }
  HuffmanCode code;
  unsigned next = 0;
  for (int length = 1; length <= longest_bits; ++length) {
    for (std::size_t symbol = 0; symbol < huffman_symbols; ++symbol) {
      if (lengths[symbol] != length) continue;
      code.length_bits[symbol] = static_cast<std::uint8_t>(length);
      code.bits[symbol] = static_cast<std::uint16_t>(next++);
    }
    next <<= 1U;
  }
  return code;
}

}  // namespace rdenoise
