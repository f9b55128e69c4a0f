/* Explores every way that chance can go, with its exact probability, by running the production code once for each. */
#ifndef LLAMASPEC_KERNELS_BRANCHING_CHANCE_H
#define LLAMASPEC_KERNELS_BRANCHING_CHANCE_H

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

class branching_chance {
public:
    static constexpr int32_t most_outcomes = 8;

    /* run(chance) for every path of choices; its probability is then in chance.probability(). */
    template <class Run>
    static void explore(Run run) {
        branching_chance chance;
        do {
            chance.depth_       = 0;
            chance.probability_ = 1;
            run(chance);
        } while (chance.move_to_next_path());
    }

    double probability() const { return probability_; }

    bool accept(int32_t, double numerator, double denominator) {
        const double probability = numerator >= denominator ? 1 : numerator / denominator;
        const double both[]      = {1 - probability, probability};
        return numerator > 0 && choose(both, 2) == 1;
    }

    /* Weights of tree_walk.h, over at most most_outcomes tokens; -1 when none has weight. */
    template <class Weights>
    int32_t sample(int32_t, const Weights & weights) {
        double        probabilities[most_outcomes];
        double        total = 0;
        const int32_t count = weights.column_count();
        for (int32_t token = 0; token < count; token++) {
            total += weights[token];
        }
        for (int32_t token = 0; token < count; token++) {
            probabilities[token] = weights[token] / total;
        }
        return total > 0 ? choose(probabilities, count) : -1;
    }

    /* One of several outcomes. */
    int32_t choose(const double * probabilities, int32_t count) {
        if (depth_ == path_.size()) {
            step next = {-1, count, {}};
            std::copy(probabilities, probabilities + count, next.probabilities);
            next.move();
            path_.push_back(next);
        }
        const step & taken = path_[depth_++];
        probability_ *= taken.probabilities[taken.choice];
        return taken.choice;
    }

private:
    struct step {
        int32_t choice;
        int32_t count;
        double  probabilities[most_outcomes];

        bool move() {
            do {
                choice++;
            } while (choice < count && !(probabilities[choice] > 0));
            return choice < count;
        }
    };

    bool move_to_next_path() {
        while (!path_.empty()) {
            if (path_.back().move()) {
                return true;
            }
            path_.pop_back();
        }
        return false;
    }

    std::vector<step> path_;
    size_t            depth_       = 0;
    double            probability_ = 1;
};

#endif
