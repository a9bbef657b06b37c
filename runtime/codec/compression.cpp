// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/compression.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <utility>
#include <vector>

namespace troupe::codec {

namespace {

constexpr std::size_t first_buffer_bytes = 16u << 10;
// The window is memory that a peer makes us spend, per connection: 8 MiB at most, which RFC 8878 (3.1.1.1.2) asks every
// decoder to support. Discord's own is 256 KiB (protocol 1.3).
constexpr int window_log_max = 23;
// A buffer that one huge message made is given back once the messages are small again.
constexpr std::size_t kept_buffer_bytes = 1u << 20;

/// The padded text of one message. Its memory is the thread's: a connection keeps none between messages, because most
/// connections are idle most of the time.
class output_buffer {
public:
  // One byte more than the limit: a message that fills it is too large, one of exactly the limit is not.
  explicit output_buffer(std::size_t limit) : limit_{std::min(limit, std::numeric_limits<std::size_t>::max() / 4)} {
    // nop
  }

  void start() {
    used_ = 0;
    if (!bytes_.empty())
      return;
    auto& spare = spare_of_thread();
    if (spare.bytes.size() < first_buffer_bytes + padding
        || (spare.bytes.size() > kept_buffer_bytes && spare.small_in_a_row > 256))
      spare = {std::vector<char>(first_buffer_bytes + padding), 0};
    bytes_ = std::move(spare.bytes);
  }

  [[nodiscard]] char* free_begin() {
    return bytes_.data() + used_;
  }
  [[nodiscard]] std::size_t free_size() const {
    return capacity() - used_;
  }
  void advance(std::size_t count) {
    used_ += count;
  }

  /// False where the message would pass the limit.
  [[nodiscard]] bool grow() {
    if (capacity() > limit_)
      return false;
    bytes_.resize(std::min(capacity() * 2, limit_ + 1) + padding);
    return true;
  }

  /// The message. It holds until a message begins on this thread.
  [[nodiscard]] std::string_view text() {
    std::memset(free_begin(), 0, padding);
    auto& spare = spare_of_thread();
    spare.small_in_a_row = used_ > kept_buffer_bytes / 4 ? 0 : spare.small_in_a_row + 1;
    spare.bytes = std::move(bytes_);
    bytes_.clear();
    return {spare.bytes.data(), used_};
  }

  [[nodiscard]] std::size_t limit() const {
    return limit_;
  }

private:
  struct spare_buffer {
    std::vector<char> bytes;
    std::size_t small_in_a_row = 0;
  };

  static spare_buffer& spare_of_thread() {
    thread_local spare_buffer spare;
    return spare;
  }

  [[nodiscard]] std::size_t capacity() const {
    return std::min(bytes_.size() - padding, limit_ + 1);
  }

  std::size_t limit_;
  std::size_t used_ = 0;
  /// Empty between messages.
  std::vector<char> bytes_;
};

error bomb(std::size_t limit) {
  return {errc::message_too_large, "a message has more than " + std::to_string(limit) + " bytes"};
}

/// No transport compression: the frame is the message.
class plain final : public decompressor {
public:
  explicit plain(std::size_t limit) : out_{limit} {
    // nop
  }

  result<std::string_view> feed(const frame& received) override {
    if (broken_)
      return error{errc::corrupt_stream, "the connection sent a bad frame before"};
    if (received.binary)
      return lose({errc::corrupt_stream, "a binary frame came where no compression was asked for"});
    if (received.bytes.size() > out_.limit())
      return lose(bomb(out_.limit()));
    out_.start();
    while (out_.free_size() < received.bytes.size())
      if (!out_.grow())
        return lose(bomb(out_.limit()));
    std::memcpy(out_.free_begin(), received.bytes.data(), received.bytes.size());
    out_.advance(received.bytes.size());
    return out_.text();
  }

  std::size_t pending() const noexcept override {
    return 0;
  }

private:
  error lose(error why) {
    broken_ = true;
    return why;
  }

  output_buffer out_;
  bool broken_ = false;
};

/// One zlib stream per connection; a message ends where a frame ends in an empty stored block (Z_SYNC_FLUSH).
class zlib_stream final : public decompressor {
public:
  explicit zlib_stream(std::size_t limit) : out_{limit} {
    if (::inflateInit(&stream_) != Z_OK)
      throw std::bad_alloc{};
  }

  ~zlib_stream() override {
    ::inflateEnd(&stream_);
  }

  result<std::string_view> feed(const frame& received) override {
    if (broken_)
      return error{errc::corrupt_stream, "the zlib stream was lost before"};
    if (!received.binary)
      return lose({errc::corrupt_stream, "a text frame came inside a zlib stream"});
    if (pending_ == 0)
      out_.start();
    pending_ += received.bytes.size();
    if (auto failure = inflate_all(received.bytes); failure)
      return lose(std::move(failure));
    // The end mark may itself be split over frames.
    tail_.append(received.bytes, received.bytes.size() - std::min<std::size_t>(received.bytes.size(), 4));
    tail_.erase(0, tail_.size() - std::min<std::size_t>(tail_.size(), 4));
    if (tail_ != std::string_view{"\x00\x00\xff\xff", 4})
      return std::string_view{};
    // A flush ends at the boundary of a block and of a byte. Elsewhere these bytes are damage that swallows what
    // follows.
    constexpr auto at_block = 128;
    constexpr auto unused_bits = 63;
    if ((stream_.data_type & at_block) == 0 || (stream_.data_type & unused_bits) != 0)
      return lose({errc::corrupt_stream, "a message ends inside of a block"});
    pending_ = 0;
    tail_.clear();
    return out_.text();
  }

  std::size_t pending() const noexcept override {
    return pending_;
  }

private:
  error inflate_all(std::string_view input) {
    // zlib does not write to its input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    while (true) {
      if (out_.free_size() == 0 && !out_.grow())
        return bomb(out_.limit());
      auto room = out_.free_size();
      stream_.next_out = reinterpret_cast<Bytef*>(out_.free_begin());
      stream_.avail_out = static_cast<uInt>(room);
      auto status = ::inflate(&stream_, Z_SYNC_FLUSH);
      out_.advance(room - stream_.avail_out);
      if (status == Z_BUF_ERROR && stream_.avail_in == 0)
        return {}; // Nothing was left to do: the input ended exactly where the output did.
      if (status != Z_OK)
        return {errc::corrupt_stream, stream_.msg != nullptr ? stream_.msg : "the zlib stream ended"};
      if (stream_.avail_in == 0 && stream_.avail_out != 0)
        return {};
    }
  }

  error lose(error why) {
    broken_ = true;
    return why;
  }

  output_buffer out_;
  z_stream stream_{};
  std::size_t pending_ = 0;
  /// The last bytes of the message so far, four at most.
  std::string tail_;
  bool broken_ = false;
};

struct free_dctx {
  void operator()(ZSTD_DCtx* context) const noexcept {
    ::ZSTD_freeDCtx(context);
  }
};

struct free_cctx {
  void operator()(ZSTD_CCtx* context) const noexcept {
    ::ZSTD_freeCCtx(context);
  }
};

/// One endless zstd frame per connection; each WebSocket message is one gateway message.
class zstd_stream final : public decompressor {
public:
  explicit zstd_stream(std::size_t limit) : out_{limit}, context_{::ZSTD_createDCtx()} {
    if (!context_)
      throw std::bad_alloc{};
    ::ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log_max);
  }

  result<std::string_view> feed(const frame& received) override {
    if (broken_)
      return error{errc::corrupt_stream, "the zstd stream was lost before"};
    if (!received.binary)
      return lose({errc::corrupt_stream, "a text frame came inside a zstd stream"});
    out_.start();
    ZSTD_inBuffer input{received.bytes.data(), received.bytes.size(), 0};
    while (true) {
      if (out_.free_size() == 0 && !out_.grow())
        return lose(bomb(out_.limit()));
      ZSTD_outBuffer output{out_.free_begin(), out_.free_size(), 0};
      auto status = ::ZSTD_decompressStream(context_.get(), &output, &input);
      if (::ZSTD_isError(status) != 0)
        return lose({errc::corrupt_stream, ::ZSTD_getErrorName(status)});
      auto filled = output.pos == output.size;
      out_.advance(output.pos);
      if (input.pos == input.size && !filled)
        return finish(received.bytes.empty());
      if (output.pos == 0 && !filled && status == 0 && input.pos == 0)
        return lose({errc::corrupt_stream, "the zstd stream makes no progress"});
    }
  }

  std::size_t pending() const noexcept override {
    return 0;
  }

private:
  /// A frame holds a whole message. One without any text is a damaged block that swallows what follows.
  result<std::string_view> finish(bool fed_nothing) {
    auto text = out_.text();
    if (text.empty() && !fed_nothing)
      return lose({errc::corrupt_stream, "a message ends before its text begins"});
    return text;
  }

  error lose(error why) {
    broken_ = true;
    return why;
  }

  output_buffer out_;
  std::unique_ptr<ZSTD_DCtx, free_dctx> context_;
  bool broken_ = false;
};

class plain_compressor final : public compressor {
public:
  frame pack(std::string_view text) override {
    return {std::string{text}, false};
  }
};

class zlib_compressor final : public compressor {
public:
  zlib_compressor() {
    // Only the local Discord packs, and a simulation waits for it.
    if (::deflateInit(&stream_, Z_BEST_SPEED) != Z_OK)
      throw std::bad_alloc{};
  }

  ~zlib_compressor() override {
    ::deflateEnd(&stream_);
  }

  frame pack(std::string_view text) override {
    frame packed{std::string{}, true};
    // Room for all at once: a second call would write a second end mark.
    packed.bytes.resize(::deflateBound(&stream_, text.size()) + 16);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(packed.bytes.data());
    stream_.avail_out = static_cast<uInt>(packed.bytes.size());
    ::deflate(&stream_, Z_SYNC_FLUSH);
    while (stream_.avail_out == 0) {
      auto used = packed.bytes.size();
      packed.bytes.resize(used * 2);
      stream_.next_out = reinterpret_cast<Bytef*>(packed.bytes.data() + used);
      stream_.avail_out = static_cast<uInt>(packed.bytes.size() - used);
      ::deflate(&stream_, Z_SYNC_FLUSH);
    }
    packed.bytes.resize(packed.bytes.size() - stream_.avail_out);
    return packed;
  }

private:
  z_stream stream_{};
};

class zstd_compressor final : public compressor {
public:
  zstd_compressor() : context_{::ZSTD_createCCtx()} {
    if (!context_)
      throw std::bad_alloc{};
    // Discord's own window: 256 KiB (protocol 1.3).
    ::ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_windowLog, 18);
  }

  frame pack(std::string_view text) override {
    frame packed{std::string{}, true};
    std::array<char, 16384> chunk;
    ZSTD_inBuffer input{text.data(), text.size(), 0};
    std::size_t left = 0;
    do {
      ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
      left = ::ZSTD_compressStream2(context_.get(), &output, &input, ZSTD_e_flush);
      packed.bytes.append(chunk.data(), output.pos);
    } while (left != 0 && ::ZSTD_isError(left) == 0);
    return packed;
  }

private:
  std::unique_ptr<ZSTD_CCtx, free_cctx> context_;
};

} // namespace

std::string_view to_string(compression value) noexcept {
  switch (value) {
  case compression::none:
    return "none";
  case compression::zlib_stream:
    return "zlib-stream";
  case compression::zstd_stream:
    return "zstd-stream";
  }
  return "none";
}

std::optional<compression> parse_compression(std::string_view name) noexcept {
  for (auto value : {compression::none, compression::zlib_stream, compression::zstd_stream})
    if (to_string(value) == name)
      return value;
  return std::nullopt;
}

std::unique_ptr<decompressor> make_decompressor(compression how, std::size_t max_message_bytes) {
  switch (how) {
  case compression::zlib_stream:
    return std::make_unique<zlib_stream>(max_message_bytes);
  case compression::zstd_stream:
    return std::make_unique<zstd_stream>(max_message_bytes);
  case compression::none:
    break;
  }
  return std::make_unique<plain>(max_message_bytes);
}

std::string deflate(std::string_view text) {
  std::string packed(::compressBound(text.size()), '\0');
  auto size = static_cast<uLongf>(packed.size());
  auto* bytes = reinterpret_cast<Bytef*>(packed.data());
  if (::compress(bytes, &size, reinterpret_cast<const Bytef*>(text.data()), text.size()) != Z_OK)
    throw std::bad_alloc{};
  packed.resize(size);
  return packed;
}

std::unique_ptr<compressor> make_compressor(compression how) {
  switch (how) {
  case compression::zlib_stream:
    return std::make_unique<zlib_compressor>();
  case compression::zstd_stream:
    return std::make_unique<zstd_compressor>();
  case compression::none:
    break;
  }
  return std::make_unique<plain_compressor>();
}

} // namespace troupe::codec
