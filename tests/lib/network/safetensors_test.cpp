// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <string>

#include "lib/network/random_weights.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

namespace fs = std::filesystem;

/// The nearest of all finite halves, by looking at each.
float nearest_half(float value, const std::vector<float>& halves) {
  float best = halves.front();
  for (const float half : halves)
    if (std::abs(half - value) < std::abs(best - value)) best = half;
  return best;
}

class Safetensors : public testing::Test {
 protected:
  fs::path write(const std::string& header, const std::string& data, std::uint64_t claimed_bytes) const {
    const fs::path path = folder_ / "crafted.safetensors";
    std::ofstream stream(path, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&claimed_bytes), 8);
    stream << header << data;
    return path;
  }
  fs::path write(const std::string& header, const std::string& data) const {
    return write(header, data, header.size());
  }

  /// The message of the error that reading gives; empty if there is none.
  static std::string refusal(const fs::path& path, ErrorCode expected = ErrorCode::corrupt) {
    try {
      (void)read_safetensors(path);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), expected) << error.what();
      EXPECT_NE(std::string(error.what()).find(path.filename().string()), std::string::npos) << error.what();
      return error.what();
    }
    return {};
  }

  test::TemporaryFolder folder_;
};

TEST_F(Safetensors, every_half_survives_and_other_numbers_become_the_nearest) {
  // All positive finite halves, by their definition: fraction steps of each power of two.
  std::vector<float> halves;
  for (int fraction = 0; fraction < 1024; ++fraction) halves.push_back(std::ldexp(static_cast<float>(fraction), -24));
  for (int exponent = -14; exponent <= 15; ++exponent)
    for (int fraction = 1024; fraction < 2048; ++fraction)
      halves.push_back(std::ldexp(static_cast<float>(fraction), exponent - 10));
  std::vector<float> values = halves;
  for (const float half : halves) values.push_back(-half);
  std::vector<float> between;
  for (std::size_t i = 1; i < halves.size(); i += 97) {
    between.push_back(std::lerp(halves[i - 1], halves[i], 0.3F));
    between.push_back(-std::lerp(halves[i - 1], halves[i], 0.7F));
  }
  Weights weights;
  weights.tensors["halves"] = {{static_cast<std::int64_t>(values.size())}, values};
  weights.tensors["between"] = {{static_cast<std::int64_t>(between.size())}, between};
  write_safetensors(folder_ / "w.safetensors", weights, StoredNumber::f16);
  const Weights back = read_safetensors(folder_ / "w.safetensors");
  EXPECT_EQ(back.tensors.find("halves")->second.values, values);
  const std::vector<float>& found = back.tensors.find("between")->second.values;
  for (std::size_t i = 0; i < between.size(); ++i)
    EXPECT_EQ(std::abs(found[i]), nearest_half(std::abs(between[i]), halves)) << between[i];
  EXPECT_LT(fs::file_size(folder_ / "w.safetensors"), 2 * (values.size() + between.size()) + 300);
}

TEST_F(Safetensors, numbers_too_large_for_a_half_are_refused) {
  for (const float value : {65520.F, -1e9F, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    Weights weights;
    weights.tensors["bias"] = {{1}, {value}};
    EXPECT_THROW(write_safetensors(folder_ / "w.safetensors", weights, StoredNumber::f16), Error) << value;
    EXPECT_FALSE(fs::exists(folder_ / "w.safetensors"));
  }
}

TEST_F(Safetensors, what_is_written_is_read_back) {
  Weights weights;
  weights.tensors["model.0.weight"] = {{2, 1, 3, 3}, std::vector<float>(18, 0.25F)};
  weights.tensors["model.0.bias"] = {{2}, {-1.5F, std::numeric_limits<float>::denorm_min()}};
  weights.metadata["note"] = "quotes \" and ü";
  write_safetensors(folder_ / "w.safetensors", weights);
  const Weights back = read_safetensors(folder_ / "w.safetensors");
  EXPECT_EQ(back.metadata, weights.metadata);
  ASSERT_EQ(back.tensors.size(), 2U);
  for (const auto& [name, tensor] : weights.tensors) {
    EXPECT_EQ(back.tensors.find(name)->second.shape, tensor.shape);
    EXPECT_EQ(back.tensors.find(name)->second.values, tensor.values);
  }
}

TEST_F(Safetensors, the_data_starts_at_a_multiple_of_8_bytes) {
  for (int length = 1; length < 9; ++length) {
    Weights weights;
    weights.tensors[std::string(static_cast<std::size_t>(length), 'n')] = {{1}, {1.F}};
    write_safetensors(folder_ / "w.safetensors", weights);
    std::ifstream stream(folder_ / "w.safetensors", std::ios::binary);
    std::uint64_t header_bytes = 0;
    stream.read(reinterpret_cast<char*>(&header_bytes), 8);
    EXPECT_EQ(header_bytes % 8, 0U);
  }
}

TEST_F(Safetensors, a_missing_file_is_not_found) {
  EXPECT_FALSE(refusal(folder_ / "none.safetensors", ErrorCode::not_found).empty());
}

TEST_F(Safetensors, lies_in_the_header_are_refused) {
  const std::string four(4, '\0');
  const std::string eight(8, '\0');
  const auto tensor = [](const std::string& rest) { return "{\"t\":{" + rest + "}}"; };
  const std::string good = R"("dtype":"F32","shape":[1],"data_offsets":[0,4])";
  ASSERT_TRUE(refusal(write(tensor(good), four)).empty());

  EXPECT_FALSE(refusal(write("", "", 0)).empty()) << "no header";
  EXPECT_FALSE(refusal(write(tensor(good), four, 1ULL << 40)).empty()) << "header larger than the file";
  EXPECT_FALSE(refusal(write(tensor(good), four, ~0ULL)).empty()) << "header size that overflows";
  EXPECT_FALSE(refusal(write(tensor(good), four, 5)).empty()) << "header cut in the middle";
  EXPECT_FALSE(refusal(write("[1,2]", "")).empty()) << "not an object";
  EXPECT_FALSE(refusal(write(std::string(100000, '['), "")).empty()) << "deep nesting";
  EXPECT_FALSE(refusal(write(tensor(good), eight)).empty()) << "bytes left over";
  EXPECT_FALSE(refusal(write(tensor(good), "")).empty()) << "data missing";
  EXPECT_FALSE(refusal(write(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"), four)).empty()) << "shape";
  EXPECT_FALSE(refusal(write(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])"), four)).empty())
      << "backwards";
  EXPECT_FALSE(refusal(write(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,8])"), four)).empty()) << "three";
  EXPECT_FALSE(refusal(write(tensor(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"), four)).empty())
      << "negative";
  for (const char* dtype : {"F8_E4M3", "I32", "U8", "BOOL", "f32", ""})
    EXPECT_FALSE(
        refusal(write(tensor(R"("dtype":")" + std::string(dtype) + R"(","shape":[1],"data_offsets":[0,4])"), four))
            .empty())
        << dtype;
  EXPECT_FALSE(refusal(write(tensor(R"("dtype":7,"shape":[1],"data_offsets":[0,4])"), four)).empty()) << "dtype type";
  EXPECT_FALSE(refusal(write(tensor(R"("shape":[1],"data_offsets":[0,4])"), four)).empty()) << "no dtype";
  EXPECT_FALSE(
      refusal(write(tensor(R"("dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,4])"), four)).empty())
      << "overflowing shape";
  EXPECT_FALSE(refusal(write("{\"a\":{" + good + "},\"b\":{" + good + "}}", four)).empty()) << "overlap";
  EXPECT_FALSE(
      refusal(write("{\"a\":{" + good + R"(},"b":{"dtype":"F32","shape":[0],"data_offsets":[2,2]}})", four)).empty())
      << "inside another";
  EXPECT_FALSE(refusal(write("{\"a\":{" + good + "},\"a\":{" + good + "}}", four)).empty()) << "a name twice";
  EXPECT_FALSE(refusal(write(R"({"__metadata__":{"k":1}})", "")).empty()) << "metadata that is no text";
  EXPECT_FALSE(refusal(write(R"({"__metadata__":7})", "")).empty()) << "metadata that is no object";
}

TEST_F(Safetensors, a_wrong_tensor_is_named_with_what_was_expected_and_found) {
  const std::string twelve(12, '\0');
  const auto expect_parts = [&](const std::string& entry, const std::string& data, std::vector<std::string> parts) {
    const std::string message = refusal(write("{\"model.0.weight\":{" + entry + "}}", data));
    parts.insert(parts.end(), {"model.0.weight", "expected", "found"});
    for (const std::string& part : parts) EXPECT_NE(message.find(part), std::string::npos) << part << " in " << message;
  };
  expect_parts(R"("dtype":"I32","shape":[3],"data_offsets":[0,12])", twelve, {"F32", "I32"});
  expect_parts(R"("dtype":"I64","shape":[1],"data_offsets":[0,8])", twelve.substr(4), {"F32", "I64"});
  expect_parts(R"("dtype":"F32","shape":[2],"data_offsets":[0,12])", twelve, {"8 bytes", "[0,12]"});
  expect_parts(R"("dtype":"F32","shape":[3],"data_offsets":[4,16])", twelve, {"12 bytes", "[4,16]"});
  expect_parts(R"("dtype":"F32","shape":[4],"data_offsets":[0,16])", twelve, {"12 bytes", "[0,16]"});
  expect_parts(R"("dtype":"F16","shape":[3],"data_offsets":[0,12])", twelve, {"6 bytes", "[0,12]"});
  expect_parts(R"("dtype":"F32","shape":[-3],"data_offsets":[0,12])", twelve, {"whole numbers", "[-3]"});
  expect_parts(R"("dtype":"F32","shape":[1.5,2],"data_offsets":[0,12])", twelve, {"whole numbers", "[1.5,2]"});
  expect_parts(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,12])", twelve,
               {"12 bytes", "[4294967296,4294967296]"});
  expect_parts(R"("dtype":"F32","shape":[0,18446744073709551615],"data_offsets":[0,0])", twelve,
               {"12 bytes", "18446744073709551615"});
  expect_parts(R"("dtype":"F32","shape":{"a":1},"data_offsets":[0,12])", twelve, {"at most 8 numbers", "{\"a\":1}"});
  expect_parts(R"("dtype":"F32","shape":[3],"data_offsets":[-4,8])", twelve, {"data_offsets", "[-4,8]"});
  expect_parts(
      R"("dtype":"F32","shape":[2],"data_offsets":[0,8]},"z":{"dtype":"F32","shape":[2],"data_offsets":[4,12])", twelve,
      {"tensor z", "byte 8", "overlap", "byte 4"});
  expect_parts(
      R"("dtype":"F32","shape":[1],"data_offsets":[0,4]},"z":{"dtype":"F32","shape":[1],"data_offsets":[8,12])", twelve,
      {"tensor z", "byte 4", "hole", "byte 8"});
}

TEST_F(Safetensors, what_is_no_header_is_said_to_be_none) {
  const auto expect_part = [&](const std::string& header, const char* part) {
    const std::string message = refusal(write(header, ""));
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  expect_part("not JSON at all", "no valid JSON");
  expect_part("{\"a\":", "no valid JSON");
  expect_part("\xff\xfe", "no valid JSON");
  expect_part("[1,2]", "array");
  expect_part("null", "null");
  expect_part(R"({"a":{},"a":{}})", "two of a");
  expect_part(R"({"__metadata__":{"key":"1","key":"2"}})", "two of key");
  EXPECT_NE(refusal(write("", "", 0)).find("no valid JSON"), std::string::npos);
  std::ofstream(folder_ / "empty.safetensors").close();
  EXPECT_NE(refusal(folder_ / "empty.safetensors").find("0 bytes"), std::string::npos);
  EXPECT_FALSE(refusal(folder_.path(), ErrorCode::io).empty()) << "a folder";
}

TEST_F(Safetensors, depth_and_length_of_a_header_cost_neither_the_stack_nor_the_messages_length) {
  constexpr int depth = 30'000;
  const std::string nested = std::string(depth, '[') + std::string(depth, ']');
  std::string objects;
  for (int i = 0; i < depth; ++i) objects += R"({"a":)";
  objects += "1" + std::string(depth, '}');
  std::string numbers = "[1";
  for (int i = 0; i < depth; ++i) numbers += ",1";
  numbers += "]";
  for (const std::string& value : {nested, objects, numbers, "\"" + std::string(depth, 'x') + "\""})
    for (const char* field : {"dtype", "shape", "data_offsets"}) {
      std::map<std::string, std::string> fields{{"dtype", "\"F32\""}, {"shape", "[0]"}, {"data_offsets", "[0,0]"}};
      fields[field] = value;
      std::string entry;
      for (const auto& [key, text] : fields) entry += (entry.empty() ? "\"" : ",\"") + key + "\":" + text;
      const std::string message = refusal(write("{\"t\":{" + entry + "}}", ""));
      const bool is_nested = value == nested || value == objects;
      EXPECT_NE(message.find(is_nested ? "nested" : "tensor t"), std::string::npos) << message.substr(0, 300);
      EXPECT_LT(message.size(), 600U) << field;
    }
  EXPECT_NE(refusal(write(nested, "")).find("nested"), std::string::npos);
  EXPECT_NE(refusal(write(objects, "")).find("nested"), std::string::npos);
}

TEST_F(Safetensors, many_names_do_not_take_their_square_in_time) {
  std::string header = "{";
  for (int i = 0; i < 20'000; ++i)
    header += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  EXPECT_EQ(read_safetensors(write(header + "}", "")).tensors.size(), 20'000U);
}

TEST_F(Safetensors, half_and_double_precision_become_float) {
  const auto values = [&](const char* dtype, const auto& numbers) {
    const std::string data(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(numbers[0]));
    return read_safetensors(write(R"({"t":{"dtype":")" + std::string(dtype) + R"(","shape":[)" +
                                      std::to_string(numbers.size()) + R"(],"data_offsets":[0,)" +
                                      std::to_string(data.size()) + "]}}",
                                  data))
        .tensors.at("t")
        .values;
  };
  // IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction.
  EXPECT_EQ(values("F16", std::vector<std::uint16_t>{0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x83ff}),
            (std::vector<float>{0.F, 1.F, -2.F, 0x1.554p-2F, 65504.F, 0x1p-14F, 0x1p-24F, -0x1.ff8p-15F}));
  const std::vector<float> special = values("F16", std::vector<std::uint16_t>{0x7c00, 0xfc00, 0x7e00, 0x8000});
  EXPECT_EQ(special[0], INFINITY);
  EXPECT_EQ(special[1], -INFINITY);
  EXPECT_TRUE(std::isnan(special[2]));
  EXPECT_TRUE(std::signbit(special[3]) && special[3] == 0.F);
  // The upper half of a float.
  EXPECT_EQ(values("BF16", std::vector<std::uint16_t>{0x3f80, 0xc049, 0x0001}),
            (std::vector<float>{1.F, -3.140625F, 0x1p-133F}));
  EXPECT_EQ(values("F64", std::vector<double>{0.1, -3.0, 1e-300}), (std::vector<float>{0.1F, -3.F, 0.F}));
}

TEST_F(Safetensors, a_header_of_2_gib_is_refused_before_memory_is_taken) {
  const std::string message = refusal(write(R"({})", "", 2ULL << 30));
  EXPECT_NE(message.find("2147483648"), std::string::npos) << message;
}

TEST_F(Safetensors, batch_counters_are_the_only_whole_numbers) {
  const std::string eight(8, '\1');
  EXPECT_TRUE(
      refusal(write(R"({"a.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]}})", eight)).empty());
}

TEST_F(Safetensors, every_cut_of_a_good_file_is_refused) {
  NetworkParams params{.network = "ffdnet", .image_channels = 1, .depth = 2, .width = 2};
  write_safetensors(folder_ / "w.safetensors", test::random_weights(build_network(params), 1));
  std::ifstream stream(folder_ / "w.safetensors", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  for (std::size_t length = 0; length < bytes.size(); length += 7) {
    std::ofstream(folder_ / "cut.safetensors", std::ios::binary) << bytes.substr(0, length);
    EXPECT_FALSE(refusal(folder_ / "cut.safetensors").empty()) << length << " of " << bytes.size() << " bytes";
  }
}

}  // namespace
}  // namespace rdenoise
