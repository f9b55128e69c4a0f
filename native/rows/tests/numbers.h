/* Number formats and random numbers, written apart from the kernels that they test. */
#ifndef LLAMASPEC_ROWS_NUMBERS_H
#define LLAMASPEC_ROWS_NUMBERS_H

#include <cstdint>

/* To nearest, ties to even; too large becomes infinity. */
uint16_t to_half(float value);
uint16_t to_bfloat16(float value);
float    from_half(uint16_t bits);
float    from_bfloat16(uint16_t bits);

/* The same numbers on every machine: splitmix64. */
class generator {
public:
    explicit generator(uint64_t seed) : state_(seed) {}

    uint64_t next();
    int64_t  below(int64_t count) { return (int64_t) (next() % (uint64_t) count); }
    bool     percent(int chance) { return below(100) < chance; }
    float    bell(); /* near a normal distribution of deviation 1, at most 3.5 */

    template <class T, int count>
    T one_of(const T (&choices)[count]) {
        return choices[below(count)];
    }

private:
    uint64_t state_;
};

#endif
