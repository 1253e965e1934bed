#include "disk_files.h"

#include <algorithm>
#include <atomic>
#include <iterator>

#include "base/assert.h"

namespace strongroom::sim {

std::string_view to_string(DiskOperation operation) {
    switch (operation) {
        case DiskOperation::open: return "open";
        case DiskOperation::read: return "read";
        case DiskOperation::write: return "write";
        case DiskOperation::truncate: return "truncate";
        case DiskOperation::sync: return "sync";
        case DiskOperation::remove: return "remove";
        case DiskOperation::lock: return "lock";
    }
    return "invalid";
}

// ---- Node ------------------------------------------------------------------------------------

void Node::write(std::span<const std::byte> bytes, std::size_t offset) {
    if (bytes.empty()) return;
    if (current.size() < offset + bytes.size()) {
        current.resize(offset + bytes.size());
        resized = true;
    }
    std::copy(bytes.begin(), bytes.end(), current.begin() + static_cast<std::ptrdiff_t>(offset));
    const std::size_t last = (offset + bytes.size() - 1) / sector_size;
    for (std::size_t sector = offset / sector_size; sector <= last; ++sector) dirty.insert(sector);
}

void Node::truncate(std::size_t size) {
    if (current.size() == size) return;
    current.resize(size);
    resized = true;
}

void Node::sync() {
    durable.resize(current.size());
    for (const std::size_t sector : dirty) {
        const std::size_t begin = sector * sector_size;
        if (begin >= current.size()) continue;
        const std::size_t length = std::min(sector_size, current.size() - begin);
        std::copy_n(current.begin() + static_cast<std::ptrdiff_t>(begin), length,
                    durable.begin() + static_cast<std::ptrdiff_t>(begin));
    }
    dirty.clear();
    resized = false;
    created_durably = true;
}

bool Node::cut(Rng& rng) {
    if (!created_durably && rng.below(2) == 0) return false;
    // A file system may have written the new length before the content, or after.
    if (resized && rng.below(2) == 0) durable.resize(current.size());
    for (const std::size_t sector : dirty) {
        const std::size_t begin = sector * sector_size;
        if (rng.below(2) == 0 || begin >= current.size()) continue;
        const std::size_t length = std::min(sector_size, current.size() - begin);
        if (durable.size() < begin + length) durable.resize(begin + length);
        std::copy_n(current.begin() + static_cast<std::ptrdiff_t>(begin), length,
                    durable.begin() + static_cast<std::ptrdiff_t>(begin));
    }
    current = durable;
    dirty.clear();
    resized = false;
    created_durably = true;
    return true;
}

void Node::forget_locks() {
    shared = 0;
    reserved = pending = exclusive = false;
    std::move(regions.begin(), regions.end(), std::back_inserter(retired));
    regions.clear();
    region_locks.fill(0);
    mapped = 0;
}

// ---- Impl ------------------------------------------------------------------------------------

Disk::Impl::Impl(std::uint64_t seed) : rng(seed) {
    static std::atomic<std::uint64_t> counter{0};
    name = "strongroom-disk-" + std::to_string(++counter);
}

DiskFault Disk::Impl::fault(DiskOperation operation) {
    ++calls;
    ++calls_of[static_cast<std::size_t>(operation)];
    if (!plan) return DiskFault::none;
    const DiskFault answer = plan(operation, calls);
    STRONGROOM_ASSERT(answer != DiskFault::torn || operation == DiskOperation::write);
    STRONGROOM_ASSERT(answer != DiskFault::lie || operation == DiskOperation::sync);
    return answer;
}

std::uint64_t Disk::Impl::size() const {
    std::uint64_t out = 0;
    for (const auto& [path, node] : nodes) out += node->current.size();
    return out;
}

bool Disk::Impl::fits(const Node& node, std::size_t end) const {
    if (!capacity || end <= node.current.size()) return true;
    return size() + (end - node.current.size()) <= *capacity;
}

void Disk::Impl::sync_directory() {
    for (auto& [path, node] : nodes) node->created_durably = true;
    removed.clear();
}

void Disk::Impl::next_generation() {
    ++generation;
    for (auto& [path, node] : nodes) node->forget_locks();
}

// ---- Disk ------------------------------------------------------------------------------------

Disk::Disk(std::uint64_t seed) : impl_(std::make_unique<Impl>(seed)) {
    fill_vfs(impl_->vfs);
    impl_->vfs.zName = impl_->name.c_str();
    impl_->vfs.pAppData = impl_.get();
    STRONGROOM_ASSERT(sqlite3_vfs_register(&impl_->vfs, 0) == SQLITE_OK);
}

Disk::~Disk() { sqlite3_vfs_unregister(&impl_->vfs); }

const std::string& Disk::vfs() const { return impl_->name; }

std::vector<std::string> Disk::files() const {
    const std::lock_guard guard(impl_->mutex);
    std::vector<std::string> out;
    for (const auto& [path, node] : impl_->nodes) out.push_back(path);
    return out;
}

std::vector<std::byte> Disk::read(const std::string& file) const {
    const std::lock_guard guard(impl_->mutex);
    const auto found = impl_->nodes.find(file);
    return found == impl_->nodes.end() ? std::vector<std::byte>{} : found->second->current;
}

void Disk::write(const std::string& file, std::span<const std::byte> bytes) {
    const std::lock_guard guard(impl_->mutex);
    std::shared_ptr<Node>& node = impl_->nodes[file];
    if (!node) node = std::make_shared<Node>();
    node->current.assign(bytes.begin(), bytes.end());
    node->durable = node->current;
    node->dirty.clear();
    node->resized = false;
    node->created_durably = true;
}

void Disk::remove(const std::string& file) {
    const std::lock_guard guard(impl_->mutex);
    impl_->nodes.erase(file);
}

DiskImage Disk::image() const {
    const std::lock_guard guard(impl_->mutex);
    DiskImage out;
    for (const auto& [path, node] : impl_->nodes) out[path] = node->current;
    return out;
}

DiskImage Disk::durable_image() const {
    const std::lock_guard guard(impl_->mutex);
    DiskImage out;
    for (const auto& [path, node] : impl_->nodes) {
        if (node->created_durably) out[path] = node->durable;
    }
    return out;
}

void Disk::restore(const DiskImage& image) {
    {
        const std::lock_guard guard(impl_->mutex);
        impl_->nodes.clear();
        impl_->removed.clear();
    }
    for (const auto& [path, bytes] : image) write(path, bytes);
}

void Disk::power_cut() {
    const std::lock_guard guard(impl_->mutex);
    for (auto& [path, node] : impl_->removed) {
        if (impl_->rng.below(2) == 0) impl_->nodes.try_emplace(path, node);
    }
    impl_->removed.clear();
    for (auto entry = impl_->nodes.begin(); entry != impl_->nodes.end();) {
        entry = entry->second->cut(impl_->rng) ? std::next(entry) : impl_->nodes.erase(entry);
    }
    impl_->next_generation();
}

void Disk::process_death() {
    const std::lock_guard guard(impl_->mutex);
    impl_->next_generation();
}

void Disk::set_faults(DiskFaultPlan plan) {
    const std::lock_guard guard(impl_->mutex);
    impl_->plan = std::move(plan);
}

void Disk::set_capacity(std::optional<std::uint64_t> bytes) {
    const std::lock_guard guard(impl_->mutex);
    impl_->capacity = bytes;
}

void Disk::set_read_only(bool read_only) {
    const std::lock_guard guard(impl_->mutex);
    impl_->read_only = read_only;
}

std::uint64_t Disk::calls() const {
    const std::lock_guard guard(impl_->mutex);
    return impl_->calls;
}

std::uint64_t Disk::calls(DiskOperation operation) const {
    const std::lock_guard guard(impl_->mutex);
    return impl_->calls_of[static_cast<std::size_t>(operation)];
}

}  // namespace strongroom::sim
