// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/denoise_record_xmp.hpp"

#include <gtest/gtest.h>

namespace rdenoise {
namespace {

const DenoiseRecord record{"1.2.3", "a <\"special\"> & model's name", 0.75};

TEST(DenoiseRecordXmp, a_record_comes_back_from_a_packet_of_its_own) {
  EXPECT_EQ(parse_denoise_record(with_denoise_record("", record)), record);
}

TEST(DenoiseRecordXmp, a_packet_keeps_what_it_had) {
  const std::string camera =
      "<?xpacket begin=\"\" id=\"x\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description xmp:Rating=\"5\"/></rdf:RDF>"
      "</x:xmpmeta><?xpacket end=\"w\"?>";
  EXPECT_FALSE(parse_denoise_record(camera));
  const std::string stamped = with_denoise_record(camera, record);
  EXPECT_EQ(parse_denoise_record(stamped), record);
  EXPECT_NE(stamped.find("xmp:Rating=\"5\""), std::string::npos);
  EXPECT_EQ(without_denoise_record(stamped), camera);
}

TEST(DenoiseRecordXmp, properties_may_be_elements) {
  const std::string xmp =
      "<rdf:RDF><rdf:Description xmlns:rdenoise='urn:rdenoise:1.0/'>\n<rdenoise:Version>1.2.3</rdenoise:Version>"
      "<rdenoise:Model>net</rdenoise:Model><rdenoise:Strength>0.5</rdenoise:Strength></rdf:Description></rdf:RDF>";
  EXPECT_EQ(parse_denoise_record(xmp), (DenoiseRecord{"1.2.3", "net", 0.5}));
  EXPECT_FALSE(parse_denoise_record(without_denoise_record(xmp)));
}

TEST(DenoiseRecordXmp, a_packet_cut_short_gives_no_more_than_it_has) {
  const std::string whole = with_denoise_record("", record);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_NO_THROW((void)parse_denoise_record(cut));
    EXPECT_FALSE(parse_denoise_record(without_denoise_record(cut))) << size;
  }
}

}  // namespace
}  // namespace rdenoise
