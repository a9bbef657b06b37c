// SPDX-License-Identifier: BSD-3-Clause
// The gateway's transports (Discord Docs/Gateway, "Encoding and Compression"; protocol 1.3) behind one small class.
// A decompressor lives exactly as long as one connection.
#pragma once

#include "messages/connection.hpp"
#include "messages/error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::codec {

/// The value of the URL's `compress` parameter.
enum class compression : std::uint8_t { none, zlib_stream, zstd_stream };

/// "none", "zlib-stream", "zstd-stream".
[[nodiscard]] std::string_view to_string(compression value) noexcept;

/// The reverse of `to_string`.
[[nodiscard]] std::optional<compression> parse_compression(std::string_view name) noexcept;

/// So many readable bytes follow each text that a decompressor returns: simdjson reads ahead.
inline constexpr std::size_t padding = 64;

/// Turns the frames of one connection into gateway messages. Not thread-safe.
class decompressor {
public:
  virtual ~decompressor() = default;

  /// Takes one frame. Returns the text of a complete message, which holds until the next call of any decompressor on
  /// this thread and is followed by `padding` zero bytes; an empty view where the message goes on in the next frame
  /// (zlib-stream only).
  /// @returns `errc::corrupt_stream` or `errc::message_too_large`; after an error the stream is lost for good.
  [[nodiscard]] virtual result<std::string_view> feed(const frame& received) = 0;

  /// Compressed bytes that wait for the rest of their message.
  [[nodiscard]] virtual std::size_t pending() const noexcept = 0;
};

/// @param max_message_bytes The largest decompressed message; more is `errc::message_too_large`.
[[nodiscard]] std::unique_ptr<decompressor> make_decompressor(compression how, std::size_t max_message_bytes);

/// Turns gateway messages into frames: the local Discord's side of the same transports. Not thread-safe.
class compressor {
public:
  virtual ~compressor() = default;

  /// The frame for one message; flushed, so that it can be read at once.
  [[nodiscard]] virtual frame pack(std::string_view text) = 0;
};

/// `text` as a zlib stream of its own (RFC 1950): the payload compression of IDENTIFY, which we never ask for.
[[nodiscard]] std::string deflate(std::string_view text);

/// The far end of a transport, for the local Discord, tests and benchmarks.
[[nodiscard]] std::unique_ptr<compressor> make_compressor(compression how);

} // namespace troupe::codec
