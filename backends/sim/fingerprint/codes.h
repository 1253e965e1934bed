// The numbers of the vendor's manual.
#pragma once

#include <cstdint>

namespace strongroom::fingerprint {

namespace packet {
inline constexpr std::uint8_t command = 0x01;
inline constexpr std::uint8_t data = 0x02;
inline constexpr std::uint8_t acknowledge = 0x07;
inline constexpr std::uint8_t end_of_data = 0x08;
}  // namespace packet

namespace instruction {
inline constexpr std::uint8_t generate_image = 0x01;
inline constexpr std::uint8_t image_to_features = 0x02;
inline constexpr std::uint8_t match = 0x03;
inline constexpr std::uint8_t search = 0x04;
inline constexpr std::uint8_t combine = 0x05;
inline constexpr std::uint8_t store = 0x06;
inline constexpr std::uint8_t load = 0x07;
inline constexpr std::uint8_t upload_features = 0x08;
inline constexpr std::uint8_t download_features = 0x09;
inline constexpr std::uint8_t upload_image = 0x0A;
inline constexpr std::uint8_t download_image = 0x0B;
inline constexpr std::uint8_t remove = 0x0C;
inline constexpr std::uint8_t empty = 0x0D;
inline constexpr std::uint8_t set_parameter = 0x0E;
inline constexpr std::uint8_t read_parameters = 0x0F;
inline constexpr std::uint8_t set_password = 0x12;
inline constexpr std::uint8_t verify_password = 0x13;
inline constexpr std::uint8_t random_number = 0x14;
inline constexpr std::uint8_t set_address = 0x15;
inline constexpr std::uint8_t fast_search = 0x1B;
inline constexpr std::uint8_t template_count = 0x1D;
inline constexpr std::uint8_t index_table = 0x1F;
}  // namespace instruction

namespace code {
inline constexpr std::uint8_t ok = 0x00;
inline constexpr std::uint8_t packet = 0x01;
inline constexpr std::uint8_t no_finger = 0x02;
inline constexpr std::uint8_t image_failed = 0x03;
inline constexpr std::uint8_t messy = 0x06;
inline constexpr std::uint8_t few_features = 0x07;
inline constexpr std::uint8_t no_match = 0x08;
inline constexpr std::uint8_t not_found = 0x09;
inline constexpr std::uint8_t not_combined = 0x0A;
inline constexpr std::uint8_t page_beyond_library = 0x0B;
inline constexpr std::uint8_t template_unreadable = 0x0C;
inline constexpr std::uint8_t upload_failed = 0x0D;
inline constexpr std::uint8_t data_not_received = 0x0E;
inline constexpr std::uint8_t image_upload_failed = 0x0F;
inline constexpr std::uint8_t not_deleted = 0x10;
inline constexpr std::uint8_t not_emptied = 0x11;
inline constexpr std::uint8_t wrong_password = 0x13;
inline constexpr std::uint8_t no_image = 0x15;
inline constexpr std::uint8_t flash_failed = 0x18;
inline constexpr std::uint8_t no_such_parameter = 0x1A;
inline constexpr std::uint8_t bad_parameter = 0x1B;
inline constexpr std::uint8_t wrong_address = 0x20;
inline constexpr std::uint8_t verify_first = 0x21;
}  // namespace code

}  // namespace strongroom::fingerprint
