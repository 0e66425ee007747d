#include "motion/numpy_pickle_writer.h"

#include <bit>
#include <cstring>

#include "base/error.h"
#include "checkpoint/array.h"

namespace animate::motion {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie in memory");

NumpyPickleWriter::NumpyPickleWriter() : out_("\x80\x04") {}

template <typename T>
void NumpyPickleWriter::little(T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out_.append(bytes, sizeof(T));
}

void NumpyPickleWriter::text(std::string_view utf8) {
  out_ += 'X';
  little(static_cast<uint32_t>(utf8.size()));
  out_ += utf8;
}

void NumpyPickleWriter::integer(int64_t value) {
  if (value >= 0 && value <= UINT8_MAX) {
    out_ += 'K';
    little(static_cast<uint8_t>(value));
  } else if (value >= 0 && value <= UINT16_MAX) {
    out_ += 'M';
    little(static_cast<uint16_t>(value));
  } else if (value >= INT32_MIN && value <= INT32_MAX) {
    out_ += 'J';
    little(static_cast<int32_t>(value));
  } else {
    out_ += "\x8a\x08";
    little(value);
  }
}

void NumpyPickleWriter::number(double value) {
  // The one big-endian number of the format.
  const auto bits = std::bit_cast<uint64_t>(value);
  out_ += 'G';
  for (unsigned int shift = 64; shift > 0; shift -= 8) out_ += static_cast<char>(bits >> (shift - 8) & 0xffU);
}

void NumpyPickleWriter::array(const std::vector<int64_t>& shape, const std::vector<float>& values) {
  check(checkpoint::checked_numel(shape) == static_cast<int64_t>(values.size()) &&
            values.size() <= UINT32_MAX / sizeof(float),
        ErrorKind::Internal, "an array of {} values does not have its shape", values.size());
  // _reconstruct(ndarray, (0,), b'b'), then the state (1, shape, dtype, whether in Fortran order, bytes). The module's
  // old name is the one that every NumPy still answers to.
  out_ += "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n";
  integer(0);
  out_ += "\x85";
  out_ +=
      "C\x01"
      "b"
      "tR(";
  integer(1);
  out_ += '(';
  for (const int64_t size : shape) integer(size);
  out_ += 't';
  // dtype('f4', False, True) with the state (3, '<', None, None, None, -1, -1, 0).
  out_ += "cnumpy\ndtype\n(";
  text("f4");
  out_ += "\x89\x88tR(";
  integer(3);
  text("<");
  out_ += "NNN";
  integer(-1);
  integer(-1);
  integer(0);
  out_ += "tb\x89";
  const size_t size = values.size() * sizeof(float);
  if (size <= UINT8_MAX) {
    out_ += 'C';
    little(static_cast<uint8_t>(size));
  } else {
    out_ += 'B';
    little(static_cast<uint32_t>(size));
  }
  if (size > 0) out_.append(reinterpret_cast<const char*>(values.data()), size);
  out_ += "tb";
}

std::string NumpyPickleWriter::finish() && {
  out_ += '.';
  return std::move(out_);
}

}  // namespace animate::motion
