#include "numbers.h"

#include <algorithm>
#include <cmath>

namespace {

/* A small float: `digits` binary digits with the leading one, smallest normal number 2^(lowest - 1). */
struct format {
    int digits;
    int lowest;
    int infinity; /* biased exponent */

    uint16_t nearest(float value) const {
        const int sign = std::signbit(value) ? 0x8000 : 0;
        if (std::isnan(value)) {
            return (uint16_t) (sign | infinity << (digits - 1) | 1 << (digits - 2));
        }
        int exponent = lowest;
        if (std::isfinite(value) && value != 0) {
            std::frexp(value, &exponent);
        }
        exponent           = std::max(exponent, lowest);
        const double steps = std::nearbyint(std::ldexp(std::fabs((double) value), digits - exponent));
        /* A carry out of the digits lands in the exponent, as it should. */
        const double bits = steps + std::ldexp((double) (exponent - lowest), digits - 1);
        return (uint16_t) (sign | (int) std::min(bits, std::ldexp((double) infinity, digits - 1)));
    }

    float value(uint16_t bits) const {
        const int   exponent = (bits & 0x7fff) >> (digits - 1);
        const int   fraction = bits & ((1 << (digits - 1)) - 1);
        const float sign     = bits & 0x8000 ? -1.0f : 1.0f;
        if (exponent == infinity) {
            return fraction ? NAN : sign * INFINITY;
        }
        const int steps = exponent ? fraction + (1 << (digits - 1)) : fraction;
        return sign * std::ldexp((float) steps, std::max(exponent, 1) - 1 + lowest - digits);
    }
};

constexpr format half     = {11, -13, 31};
constexpr format bfloat16 = {8, -125, 255};

} // namespace

uint16_t to_half(float value) { return half.nearest(value); }
uint16_t to_bfloat16(float value) { return bfloat16.nearest(value); }
float    from_half(uint16_t bits) { return half.value(bits); }
float    from_bfloat16(uint16_t bits) { return bfloat16.value(bits); }

uint64_t generator::next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
    z          = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z          = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

float generator::bell() {
    const uint64_t bits = next();
    const auto     part = [&](int shift) { return (float) (bits >> shift & 0xffff); };
    return (part(0) + part(16) + part(32) + part(48) - 131070.0f) * (1.7320508f / 65536);
}
