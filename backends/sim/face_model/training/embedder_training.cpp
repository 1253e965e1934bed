#include "embedder_training.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <thread>

#include <dlib/dnn.h>

#include "base/assert.h"
#include "biometrics/error_rates.h"
#include "network_types.h"
#include "parts.h"
#include "weights_file.h"

namespace strongroom::face_model {

namespace {

constexpr std::size_t replicas = 2;
using Image = dlib::matrix<dlib::rgb_pixel>;
using MetricNetwork = EmbedderNetwork<dlib::bn_con>;
using ReadingNetwork =
    dlib::loss_mean_squared_multioutput<dlib::fc<people::head_numbers, Trunk<dlib::bn_con>>>;

Image image_of(const std::uint8_t* bgr) {
    Image image(chip_size, chip_size);
    for (auto& pixel : image) {
        pixel = dlib::rgb_pixel(bgr[2], bgr[1], bgr[0]);
        bgr += 3;
    }
    return image;
}

// The chip as another camera would have given it: gain, contrast, colour, and shifted by up to a
// pixel.
Image varied(const std::uint8_t* bgr, Rng& rng) {
    const double gain = std::exp(rng.normal(0, 0.12));
    const double lift = rng.normal(0, 7);
    const std::array<double, 3> gains{gain * std::exp(rng.normal(0, 0.04)), gain,
                                      gain * std::exp(rng.normal(0, 0.04))};
    const long right = static_cast<long>(rng.below(3)) - 1;
    const long down = static_cast<long>(rng.below(3)) - 1;
    const auto value = [&](std::uint8_t from, double by) {
        return static_cast<unsigned char>(
            std::clamp(std::lround(static_cast<double>(from) * by + lift), 0L, 255L));
    };
    Image image(chip_size, chip_size);
    for (long row = 0; row < chip_size; ++row) {
        const long from_row = std::clamp(row + down, 0L, long{chip_size} - 1);
        for (long column = 0; column < chip_size; ++column) {
            const long from_column = std::clamp(column + right, 0L, long{chip_size} - 1);
            const std::uint8_t* p = bgr + (from_row * chip_size + from_column) * 3;
            image(row, column) = dlib::rgb_pixel(value(p[2], gains[2]), value(p[1], gains[1]),
                                                 value(p[0], gains[0]));
        }
    }
    return image;
}

template <class Label>
struct Batch {
    std::vector<Image> images;
    std::vector<Label> labels;
};

template <class Network>
std::vector<dlib::tensor*> gradients_of(Network& network) {
    std::vector<dlib::tensor*> gradients;
    dlib::visit_layer_parameter_gradients(
        network, [&](std::size_t, dlib::tensor& gradient) { gradients.push_back(&gradient); });
    return gradients;
}

template <class Network>
void average_gradients(std::array<Network, replicas>& networks) {
    const auto first = gradients_of(networks[0]);
    const auto second = gradients_of(networks[1]);
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (first[i]->size() == 0) continue;
        float* a = first[i]->host();
        float* b = second[i]->host();
        for (std::size_t j = 0; j < first[i]->size(); ++j) {
            a[j] = b[j] = (a[j] + b[j]) / 2;
        }
    }
}

// Rises over the first steps, then falls along a cosine.
double rate_at(double rate, std::size_t step, std::size_t steps) {
    constexpr double warm = 100;
    const double done = static_cast<double>(step) / static_cast<double>(steps);
    const double fall = 0.5 * (1 + std::cos(std::numbers::pi * done));
    return rate * std::min(1.0, static_cast<double>(step + 1) / warm) * std::max(fall, 0.01);
}

// `draw(rng)` gives half a batch.
template <class Network, class Draw>
void descend(const char* what, Network& network, std::size_t steps, double rate, Rng rng,
             const Draw& draw) {
    // A layer draws its first weights when something goes through it: once, before the copies, or
    // each would begin elsewhere and their gradients could not be averaged.
    Rng first = rng.fork("first pass");
    const auto shown = draw(first);
    dlib::resizable_tensor seen;
    network.to_tensor(shown.images.begin(), shown.images.end(), seen);
    network.subnet().forward(seen);
    std::array<Network, replicas> networks{network, network};
    using Solvers = std::vector<dlib::adam>;
    const Solvers fresh(Network::num_computational_layers, dlib::adam(0.0005F, 0.9F, 0.999F));
    std::array<Solvers, replicas> solvers{fresh, fresh};
    std::array<Rng, replicas> draws{rng.fork("first"), rng.fork("second")};
    std::array<double, replicas> losses{};
    double loss = 0;
    const auto begin = std::chrono::steady_clock::now();
    const auto learn = [&](std::size_t replica) {
        const auto batch = draw(draws[replica]);
        dlib::resizable_tensor input;
        networks[replica].to_tensor(batch.images.begin(), batch.images.end(), input);
        losses[replica] =
            networks[replica].compute_parameter_gradients(input, batch.labels.begin());
    };
    for (std::size_t step = 0; step < steps; ++step) {
        std::thread second(learn, 1);
        learn(0);
        second.join();
        average_gradients(networks);
        for (std::size_t i = 0; i < replicas; ++i) {
            networks[i].update_parameters(solvers[i], rate_at(rate, step, steps));
        }
        loss += (losses[0] + losses[1]) / 2;
        if ((step + 1) % 50 == 0) {
            const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
            std::printf("%s: step %zu of %zu, loss %.4f, %.0f s\n", what, step + 1, steps,
                        loss / 50, spent.count());
            std::fflush(stdout);
            loss = 0;
        }
    }
    network = networks[0];
}

Batch<dlib::matrix<float>> draw_readings(const ChipBank& bank, std::size_t count, Rng& rng) {
    Batch<dlib::matrix<float>> batch;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t person = rng.below(bank.persons);
        batch.images.push_back(varied(bank.chip(person, rng.below(bank.each)), rng));
        dlib::matrix<float> numbers(people::head_numbers, 1);
        for (std::size_t j = 0; j < people::head_numbers; ++j) {
            numbers(static_cast<long>(j)) = bank.numbers[person][j];
        }
        batch.labels.push_back(std::move(numbers));
    }
    return batch;
}

// Half of the people are neighbours in the bank: every third is a look-alike of the one before.
Batch<unsigned long> draw_people(const ChipBank& bank, std::size_t people, std::size_t chips,
                                 Rng& rng) {
    std::vector<std::size_t> chosen;
    const auto choose = [&](std::size_t person) {
        if (std::find(chosen.begin(), chosen.end(), person) == chosen.end()) {
            chosen.push_back(person);
        }
    };
    while (chosen.size() < people) {
        const std::size_t person = rng.below(bank.persons);
        choose(person);
        const std::size_t look_alike = person / 3 * 3 + 2;
        if (rng.uniform() < 0.4 && look_alike < bank.persons && chosen.size() + 1 < people) {
            choose(look_alike);
            choose(look_alike - 1);
        }
    }
    Batch<unsigned long> batch;
    for (const std::size_t person : chosen) {
        for (std::size_t i = 0; i < chips; ++i) {
            batch.images.push_back(varied(bank.chip(person, rng.below(bank.each)), rng));
            batch.labels.push_back(person);
        }
    }
    return batch;
}

// What the trunk gives for each chip of a person: a row each.
dlib::matrix<float> features_of(Trunk<dlib::affine>& trunk, const ChipBank& bank,
                                std::size_t person) {
    std::vector<Image> images;
    for (std::size_t i = 0; i < bank.each; ++i) images.push_back(image_of(bank.chip(person, i)));
    dlib::resizable_tensor input;
    trunk.to_tensor(images.begin(), images.end(), input);
    const dlib::tensor& output = trunk.forward(input);
    return dlib::mat(output);
}

// Linear discriminant analysis (Fisher 1936; Rao 1948) on what the trunk gives: the directions in
// which people differ most against what varies within one. Each is weighed by how far it can be
// trusted. This is where the last layer begins, and it alone is a fair metric.
dlib::matrix<float> discriminants(Trunk<dlib::affine>& trunk, const ChipBank& bank,
                                  std::size_t persons) {
    dlib::matrix<float> within;
    dlib::matrix<float> means;
    // Many rows at once: each product touches the whole of `within`.
    dlib::matrix<float> rows;
    long filled = 0;
    for (std::size_t person = 0; person < persons; ++person) {
        const dlib::matrix<float> features = features_of(trunk, bank, person);
        const dlib::matrix<float> mean = dlib::sum_rows(features) / static_cast<float>(bank.each);
        if (person == 0) {
            means.set_size(static_cast<long>(persons), features.nc());
            within = dlib::zeros_matrix<float>(features.nc(), features.nc());
            rows.set_size(64 * features.nr(), features.nc());
        }
        for (long row = 0; row < features.nr(); ++row) {
            dlib::set_rowm(rows, filled++) = dlib::rowm(features, row) - mean;
        }
        if (filled == rows.nr() || person + 1 == persons) {
            const dlib::matrix<float> full = dlib::subm(rows, 0, 0, filled, rows.nc());
            within += dlib::trans(full) * full;
            filled = 0;
        }
        dlib::set_rowm(means, static_cast<long>(person)) = mean;
    }
    within /= static_cast<float>(persons * (bank.each - 1));
    const dlib::matrix<float> centre = dlib::sum_rows(means) / static_cast<float>(persons);
    for (long row = 0; row < means.nr(); ++row) {
        dlib::set_rowm(means, row) = dlib::rowm(means, row) - centre;
    }
    // A product of its own: within another expression it would be made number by number.
    const dlib::matrix<float> products = dlib::trans(means) * means;
    dlib::matrix<double> between = dlib::matrix_cast<double>(products);
    between /= static_cast<double>(persons);
    dlib::matrix<double> noise = dlib::matrix_cast<double>(within);
    between -= noise / static_cast<double>(bank.each);
    // A ridge: there are hardly more people than directions.
    noise += 0.1 * dlib::trace(noise) / static_cast<double>(noise.nr()) *
             dlib::identity_matrix<double>(noise.nr());
    const dlib::matrix<double> lower = dlib::chol(noise);
    const dlib::matrix<double> whitener = dlib::inv(lower);
    const dlib::matrix<double> half_way = whitener * between;
    const dlib::matrix<double> whitened = half_way * dlib::trans(whitener);
    std::printf("embedder: discriminants\n");
    std::fflush(stdout);
    dlib::eigenvalue_decomposition<dlib::matrix<double>> decomposition(
        dlib::make_symmetric(whitened));
    dlib::matrix<double> values = decomposition.get_real_eigenvalues();
    dlib::matrix<double> vectors = decomposition.get_pseudo_v();
    dlib::rsort_columns(vectors, values);
    const dlib::matrix<double> best = dlib::colm(vectors, dlib::range(0, embedding_size - 1));
    const dlib::matrix<double> directions = dlib::trans(whitener) * best;
    dlib::matrix<double> map(noise.nr(), embedding_size);
    double genuine = 0;  // mean squared distance of two pictures of one person
    for (long i = 0; i < embedding_size; ++i) {
        const double signal = std::max(values(i), 0.0);
        const double weight = signal / (1 + signal);
        dlib::set_colm(map, i) = std::sqrt(weight) * dlib::colm(directions, i);
        genuine += 2 * weight;
    }
    constexpr double genuine_distance = 0.42;  // below the 0.6 at which loss_metric tells apart
    return dlib::matrix_cast<float>(map * (genuine_distance / std::sqrt(genuine)));
}

void begin_with(MetricNetwork& network, const dlib::matrix<float>& map) {
    // The layer has its weights once something has gone through it.
    Image black(chip_size, chip_size);
    for (auto& pixel : black) pixel = dlib::rgb_pixel(0, 0, 0);
    const std::vector<Image> images(2, black);
    dlib::resizable_tensor input;
    network.to_tensor(images.begin(), images.end(), input);
    network.subnet().forward(input);
    dlib::tensor& weights = network.subnet().layer_details().get_layer_params();
    STRONGROOM_ASSERT(weights.size() == static_cast<std::size_t>(map.size()));
    weights = map;
}

std::string rates_of(const std::vector<std::vector<float>>& features, std::size_t each) {
    biometrics::Scores scores;
    for (std::size_t i = 0; i < features.size(); ++i) {
        for (std::size_t j = i + 1; j < features.size(); ++j) {
            const double apart = static_cast<double>(
                vision::distance(vision::Metric::euclidean, features[i], features[j]));
            (i / each == j / each ? scores.genuine : scores.impostor).push_back(apart);
        }
    }
    const biometrics::ErrorRates rates(std::move(scores));
    const auto at = [&](double fmr) { return rates.fnmr(rates.threshold_at_fmr(fmr)).rate(); };
    char text[200];
    std::snprintf(text, sizeof text,
                  "EER %.4f at %.3f, FNMR %.4f at FMR 1e-3, %.4f at 1e-4 (chips of unseen people)",
                  rates.equal_error().rate, rates.equal_error().threshold, at(1e-3), at(1e-4));
    return text;
}

// gamma * x + beta, of each channel.
struct Scale {
    std::vector<float> gamma;
    std::vector<float> beta;
};

// An affine layer shows its numbers only by what it does to 0 and to 1.
class ScaleCollector {
public:
    explicit ScaleCollector(std::vector<Scale>& scales) : scales_(scales) {}
    template <typename Layer>
    void operator()(std::size_t, Layer&) {}
    template <typename Subnet>
    void operator()(std::size_t, dlib::add_layer<dlib::affine_, Subnet>& layer) {
        dlib::resizable_tensor zero(1, layer.subnet().layer_details().num_filters(), 1, 1);
        dlib::resizable_tensor one = zero;
        zero = 0;
        one = 1;
        dlib::resizable_tensor beta = zero;
        dlib::resizable_tensor sum = zero;
        layer.layer_details().forward_inplace(zero, beta);
        layer.layer_details().forward_inplace(one, sum);
        Scale scale;
        for (std::size_t i = 0; i < beta.size(); ++i) {
            scale.beta.push_back(beta.host()[i]);
            scale.gamma.push_back(sum.host()[i] - beta.host()[i]);
        }
        scales_.push_back(std::move(scale));
    }

private:
    std::vector<Scale>& scales_;
};

// The weights of each layer that has any, from the last layer to the first.
template <class Network>
std::vector<std::vector<float>> weights_of(Network& network) {
    std::vector<std::vector<float>> all;
    dlib::visit_layer_parameters(network, [&](std::size_t, dlib::tensor& weights) {
        if (weights.size() > 0) all.emplace_back(weights.begin(), weights.end());
    });
    return all;
}

// As it is used: normalisation folded into the convolution before it.
std::string file_of(const MetricNetwork& metric) {
    EmbedderNetwork<dlib::affine> network = metric;
    Image black(chip_size, chip_size);
    for (auto& pixel : black) pixel = dlib::rgb_pixel(0, 0, 0);
    (void)network(black);
    std::vector<Scale> scales;
    dlib::visit_layers(network, ScaleCollector(scales));
    auto weights = weights_of(network);
    STRONGROOM_ASSERT(weights.size() == scales.size() + 1);
    // A convolution's weights: its filters one after another, then a bias for each.
    for (std::size_t layer = 0; layer < scales.size(); ++layer) {
        std::vector<float>& values = weights[layer + 1];
        const Scale& scale = scales[layer];
        const std::size_t filters = scale.gamma.size();
        const std::size_t each = values.size() / filters - 1;
        STRONGROOM_ASSERT(values.size() == filters * (each + 1));
        for (std::size_t filter = 0; filter < filters; ++filter) {
            for (std::size_t i = 0; i < each; ++i) {
                values[filter * each + i] *= scale.gamma[filter];
            }
            float& bias = values[filters * each + filter];
            bias = bias * scale.gamma[filter] + scale.beta[filter];
        }
    }
    Writer out;
    for (const auto& layer : weights) {
        for (const float weight : layer) out.half(weight);
    }
    return pack_weights(embedder_architecture, out.bytes());
}

// Every chip with every other, by the weights as their file holds them.
void tell_rates(const char* when, const MetricNetwork& metric, const ChipBank& unseen) {
    const auto embedder = make_embedder(file_of(metric));
    std::vector<std::vector<float>> features;
    vision::FaceChip chip;
    chip.size = chip_size;
    for (std::size_t i = 0; i < unseen.persons * unseen.each; ++i) {
        const std::uint8_t* pixels = unseen.chip(i / unseen.each, i % unseen.each);
        chip.pixels.assign(pixels, pixels + std::size_t{chip_size} * chip_size * 3);
        features.push_back(embedder->embed(chip).value());
    }
    std::printf("embedder: %s: %s\n", when, rates_of(features, unseen.each).c_str());
    std::fflush(stdout);
}

}  // namespace

std::string train_embedder(const EmbedderPlan& plan, const ChipBank& bank, const ChipBank& unseen,
                           const std::function<void(const std::string&)>& keep) {
    STRONGROOM_ASSERT(bank.persons > plan.metric_people && plan.metric_people % 2 == 0);
    const Rng rng(plan.seed);
    ReadingNetwork reading;
    if (!plan.trunk_file.empty() && std::filesystem::exists(plan.trunk_file)) {
        dlib::deserialize(plan.trunk_file) >> reading;
    } else {
        descend(
            "numbers", reading, plan.reading_steps, plan.reading_rate, rng.fork("numbers"),
            [&](Rng& draws) { return draw_readings(bank, plan.reading_batch / replicas, draws); });
        if (!plan.trunk_file.empty()) dlib::serialize(plan.trunk_file) << reading;
    }
    Trunk<dlib::affine> trunk = reading.subnet().subnet();
    MetricNetwork metric;
    begin_with(metric, discriminants(trunk, bank, bank.persons));
    metric.subnet().subnet() = reading.subnet().subnet();
    keep(file_of(metric));
    tell_rates("after the numbers", metric, unseen);
    descend("metric", metric, plan.metric_steps, plan.metric_rate, rng.fork("metric"),
            [&](Rng& draws) {
                return draw_people(bank, plan.metric_people / replicas, plan.metric_chips, draws);
            });
    tell_rates("after the metric", metric, unseen);
    return file_of(metric);
}

}  // namespace strongroom::face_model
