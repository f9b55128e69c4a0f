/* e^x against the C library, and its ends. */
#include "groups.h"

#include "exponential.h"

#include <cmath>
#include <initializer_list>

void exponentials() {
    CHECK(cuda::exponential(0.0f) == 1.0f && cuda::exponential(0.0) == 1.0, "e^0 is 1");
    for (const float x : {-87.4f, -100.0f, -200.0f, -1e30f, -HUGE_VALF}) {
        CHECK(cuda::exponential(x) == 0.0f, "e^%g = %g in float32", (double) x, (double) cuda::exponential(x));
    }
    CHECK(cuda::exponential(-709.0) == 0 && cuda::exponential(-HUGE_VAL) == 0, "small in float64");
    double worst_float = 0, worst_double = 0;
    for (int32_t i = 0; i <= 2000000; i++) {
        const float  x = -87.3f * (float) i / 2000000;
        const double y = -708.0 * i / 2000000;
        worst_float    = std::fmax(worst_float, std::fabs(cuda::exponential(x) / std::exp((double) x) - 1));
        worst_double   = std::fmax(worst_double, std::fabs(cuda::exponential(y) / std::exp(y) - 1));
    }
    CHECK(worst_float < 2e-7, "relative error %g in float32", worst_float);
    CHECK(worst_double < 4e-16, "relative error %g in float64", worst_double);
}
