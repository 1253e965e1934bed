#include "maths.h"

#include <memory>

namespace strongroom::people {
namespace {

using Lattice = std::array<float, at(noise_lattice* noise_lattice)>;

Lattice make_lattice() {
    Lattice lattice{};
    std::uint64_t i = 0;
    // Uniform values, scaled so that what is interpolated between them has about unit variance.
    for (float& value : lattice) value = (unit_of(i++ + 0x51aU) - 0.5F) * 5.2F;
    return lattice;
}

const Lattice lattice = make_lattice();

}  // namespace

const std::array<float, at(noise_lattice* noise_lattice)>& noise_values = lattice;

}  // namespace strongroom::people
