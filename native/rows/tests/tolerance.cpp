#include "tolerance.h"

#include "check.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace {

constexpr double u = 0x1p-24;

/* What conversion may do to the activations of a block. */
struct conversion {
    bool   is_integer;
    bool   vanishes;
    double step;

    conversion(activation_form form, const float * block) : is_integer(form < activation_form::float32) {
        float largest = 0;
        for (int i = 0; i < block_length; i++) {
            largest = std::max(largest, std::fabs(block[i]));
        }
        vanishes = is_integer && largest < 1.1e-36f;
        step     = is_integer ? largest / 127.0 : 0;
    }

    double largest_error(double x, activation_form form) const {
        return vanishes                          ? std::fabs(x)
             : is_integer                        ? step * (0.5 + 127 * 3 * u)
             : form == activation_form::bfloat16 ? std::fabs(x) * 0x1p-8
                                                 : 0;
    }
};

/* Below the smallest normal number: a product of scales loses digits, and vdpbf16ps takes all that is there as zero. */
double underflow(const target & kernels, int64_t length, double weights, double activations) {
    constexpr double largest_block_sum = 32 * 128 * 127 * 2;
    return kernels.form() < activation_form::float32    ? (double) (length / block_length) * largest_block_sum * FLT_TRUE_MIN
         : kernels.form() == activation_form::bfloat16 ? FLT_MIN * ((double) length + weights + activations)
                                                       : (double) length * FLT_TRUE_MIN;
}

struct element_bounds {
    double product;      /* in float64 */
    double rounding;     /* of the kernel; that of the reference is no larger */
    double quantisation; /* largest error of the converted activations */
    double deviation;    /* and its standard deviation, each activation's error taken as evenly spread */
    double one_step;     /* the largest |w| times its step */
};

element_bounds bounds_of(const target & kernels, const matrix & weights, int64_t row, const float * column,
                         const std::vector<conversion> & conversions) {
    const float *  of_row = weights.weights(row);
    const int64_t  length = weights.length();
    element_bounds bounds = {};
    double         magnitude = 0, weight_sum = 0, activation_sum = 0, variance = 0;
    for (int64_t k = 0; k < length; k++) {
        const int64_t      block  = k / block_length;
        const conversion & change = conversions[(size_t) block];
        const double       w      = std::fabs(of_row[k]);
        const double       x      = std::fabs(column[k]);
        const double       error  = change.largest_error(x, kernels.form());
        const double       offset = kernels.layout == weight_layout::q4_0x8 ? 16.0 * std::fabs(weights.scale(row, block)) : 0;
        bounds.product += (double) of_row[k] * column[k];
        bounds.quantisation += w * error;
        bounds.one_step = std::max(bounds.one_step, w * change.step);
        magnitude += (w + offset) * (x + error);
        variance += w * w * error * error / (change.vanishes ? 1 : 3);
        weight_sum += w;
        activation_sum += x;
    }
    const int64_t additions = has_blocks(kernels.layout) ? length / block_length : length / kernels.tile_rows() + 5;
    bounds.rounding         = ((double) additions + 3) * u * magnitude + underflow(kernels, length, weight_sum, activation_sum);
    bounds.deviation        = std::sqrt(variance);
    return bounds;
}

/* add(column, row, bounds) for every element. */
template <class Add>
void for_each_element(const target & kernels, const matrix & weights, const activations & input, Add add) {
    for (int c = 0; c < input.count; c++) {
        std::vector<conversion> conversions;
        for (int64_t block = 0; block < weights.length() / block_length; block++) {
            conversions.emplace_back(kernels.form(), input.column(c) + block * block_length);
        }
        for (int64_t row = 0; row < weights.row_count(); row++) {
            add(c, row, bounds_of(kernels, weights, row, input.column(c), conversions));
        }
    }
}

activations as_converted(const target & kernels, const activations & input) {
    activations converted(input.count, input.length);
    for (int c = 0; c < input.count; c++) {
        for (int64_t k = 0; k < input.length; k++) {
            const float x          = input.column(c)[k];
            converted.column(c)[k] = kernels.form() == activation_form::bfloat16 ? from_bfloat16(to_bfloat16(x)) : x;
        }
    }
    return converted;
}

} // namespace

expectation expect_float64(const target & kernels, const matrix & weights, const activations & input, input_kind kind) {
    expectation wanted = {"float64", weights.row_count()};
    for_each_element(kernels, weights, input, [&](int, int64_t, const element_bounds & bounds) {
        const double quantisation = kind == input_kind::any ? bounds.quantisation : std::min(bounds.quantisation, 7 * bounds.deviation);
        wanted.elements.push_back(bounds.product);
        wanted.tolerances.push_back(bounds.rounding + quantisation);
    });
    return wanted;
}

expectation expect_reference(const target & kernels, const matrix & weights, const activations & input) {
    expectation       wanted    = {"the reference", weights.row_count()};
    const target      specified = reference_of(kernels.layout);
    const activations converted = as_converted(kernels, input);
    /* It may need more rows than the kernels do. */
    const result reference = weights.row_count() < specified.tile_rows()
        ? multiply(specified, weights.with_rows(specified.tile_rows()), converted)
        : multiply(specified, weights, converted);
    for_each_element(kernels, weights, input, [&](int column, int64_t row, const element_bounds & bounds) {
        wanted.elements.push_back(reference.column(column)[row]);
        wanted.tolerances.push_back(2 * bounds.rounding + bounds.one_step);
    });
    return wanted;
}

void check_close(const target & kernels, const matrix & weights, const how & options, const result & seen, const expectation & wanted) {
    const size_t first = (size_t) (options.first_column * wanted.row_count);
    for (size_t i = 0; i < seen.elements.size(); i++) {
        const double difference = std::fabs(seen.elements[i] - wanted.elements[first + i]);
        CHECK(difference <= wanted.tolerances[first + i], "%s, %d threads: column %d, row %d: %.9g, by %s %.9g, tolerance %.3g",
            describe(kernels, weights, (int) (seen.elements.size() / (size_t) seen.row_count)).c_str(), options.thread_count,
            (int) ((int64_t) i / seen.row_count), (int) ((int64_t) i % seen.row_count), (double) seen.elements[i], wanted.by,
            wanted.elements[first + i], wanted.tolerances[first + i]);
    }
}
