// SQLite's side of the simulated disk: the functions of a sqlite3_vfs and of its open files.

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "disk_files.h"

namespace strongroom::sim {
namespace {

// What SQLite allocates for an open file. `base` comes first, as SQLite's interface asks.
struct Handle {
    sqlite3_file base;
    Disk::Impl* disk;
    std::shared_ptr<Node> node;
    std::string path;
    std::uint64_t generation;
    int level;  // of lock
    bool writable;
    bool delete_on_close;
    bool syncs_directory;  // at its next sync: a journal that was just made
    bool mapped;
    std::array<bool, SQLITE_SHM_NLOCK> shared_regions;
    std::array<bool, SQLITE_SHM_NLOCK> exclusive_regions;

    // The process behind it is alive.
    [[nodiscard]] bool alive() const { return generation == disk->generation; }
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
Disk::Impl& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk::Impl*>(vfs->pAppData); }

void unlock_to(Handle& handle, int level) {
    Node& node = *handle.node;
    if (level < SQLITE_LOCK_EXCLUSIVE && handle.level == SQLITE_LOCK_EXCLUSIVE) {
        node.exclusive = false;
    }
    if (level < SQLITE_LOCK_PENDING && handle.level >= SQLITE_LOCK_PENDING) node.pending = false;
    if (level < SQLITE_LOCK_RESERVED && handle.level >= SQLITE_LOCK_RESERVED) node.reserved = false;
    if (level < SQLITE_LOCK_SHARED && handle.level >= SQLITE_LOCK_SHARED) --node.shared;
    handle.level = std::min(handle.level, level);
}

void unmap(Handle& handle, bool discard) {
    if (!handle.mapped) return;
    Node& node = *handle.node;
    for (std::size_t i = 0; i < SQLITE_SHM_NLOCK; ++i) {
        if (handle.exclusive_regions[i]) node.region_locks[i] = 0;
        if (handle.shared_regions[i]) --node.region_locks[i];
    }
    handle.shared_regions.fill(false);
    handle.exclusive_regions.fill(false);
    handle.mapped = false;
    if (--node.mapped == 0 && discard) node.regions.clear();
}

// ---- an open file ----------------------------------------------------------------------------

int file_close(sqlite3_file* file) {
    Handle& handle = handle_of(file);
    {
        const std::lock_guard guard(handle.disk->mutex);
        if (handle.alive()) {
            unmap(handle, false);
            unlock_to(handle, SQLITE_LOCK_NONE);
            if (handle.delete_on_close) handle.disk->nodes.erase(handle.path);
        }
    }
    handle.~Handle();
    return SQLITE_OK;
}

int file_read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (!handle.alive() || handle.disk->fault(DiskOperation::read) == DiskFault::fail) {
        return SQLITE_IOERR_READ;
    }
    const std::vector<std::byte>& content = handle.node->current;
    const auto begin = static_cast<std::size_t>(offset);
    const auto wanted = static_cast<std::size_t>(amount);
    const std::size_t there =
        begin >= content.size() ? 0 : std::min(wanted, content.size() - begin);
    auto* bytes = static_cast<std::byte*>(out);
    if (there > 0) std::memcpy(bytes, content.data() + begin, there);
    if (there == wanted) return SQLITE_OK;
    // SQLite asks for zeros where the file ends.
    std::memset(bytes + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
}

int file_write(sqlite3_file* file, const void* in, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    Disk::Impl& disk = *handle.disk;
    const std::lock_guard guard(disk.mutex);
    if (!handle.alive()) return SQLITE_IOERR_WRITE;
    const DiskFault fault = disk.fault(DiskOperation::write);
    if (fault == DiskFault::fail || disk.read_only || !handle.writable) return SQLITE_IOERR_WRITE;
    const auto begin = static_cast<std::size_t>(offset);
    const auto bytes =
        std::span(static_cast<const std::byte*>(in), static_cast<std::size_t>(amount));
    if (fault == DiskFault::torn) {
        handle.node->write(bytes.first(bytes.size() / 2), begin);
        return SQLITE_IOERR_WRITE;
    }
    if (!disk.fits(*handle.node, begin + bytes.size())) return SQLITE_FULL;
    handle.node->write(bytes, begin);
    return SQLITE_OK;
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (!handle.alive() || handle.disk->fault(DiskOperation::truncate) == DiskFault::fail ||
        handle.disk->read_only) {
        return SQLITE_IOERR_TRUNCATE;
    }
    handle.node->truncate(static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int file_sync(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (!handle.alive()) return SQLITE_IOERR_FSYNC;
    const DiskFault fault = handle.disk->fault(DiskOperation::sync);
    if (fault == DiskFault::fail) return SQLITE_IOERR_FSYNC;
    if (fault == DiskFault::lie) return SQLITE_OK;
    handle.node->sync();
    if (handle.syncs_directory) handle.disk->sync_directory();
    handle.syncs_directory = false;
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (!handle.alive()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(handle.node->current.size());
    return SQLITE_OK;
}

int file_lock(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (!handle.alive() || handle.disk->fault(DiskOperation::lock) == DiskFault::fail) {
        return SQLITE_IOERR_LOCK;
    }
    Node& node = *handle.node;
    if (handle.level >= level) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (node.pending || node.exclusive) return SQLITE_BUSY;
        ++node.shared;
        handle.level = SQLITE_LOCK_SHARED;
        return SQLITE_OK;
    }
    if (level == SQLITE_LOCK_RESERVED) {
        if (node.reserved) return SQLITE_BUSY;
        node.reserved = true;
        handle.level = SQLITE_LOCK_RESERVED;
        return SQLITE_OK;
    }
    // Exclusive, by way of pending, which keeps new readers out.
    if (handle.level < SQLITE_LOCK_PENDING) {
        if (node.pending || (node.reserved && handle.level < SQLITE_LOCK_RESERVED)) {
            return SQLITE_BUSY;
        }
        node.reserved = true;
        node.pending = true;
        handle.level = SQLITE_LOCK_PENDING;
    }
    if (node.shared > 1) return SQLITE_BUSY;
    node.exclusive = true;
    handle.level = SQLITE_LOCK_EXCLUSIVE;
    return SQLITE_OK;
}

int file_unlock(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (handle.alive()) unlock_to(handle, level);
    return SQLITE_OK;
}

int file_check_reserved_lock(sqlite3_file* file, int* reserved) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    *reserved = handle.alive() && handle.node->reserved ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int file_sector_size(sqlite3_file*) { return static_cast<int>(sector_size); }
// Bytes beside those that are written are not harmed by a power cut.
int file_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

// ---- the journal's index ---------------------------------------------------------------------

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    *out = nullptr;
    if (!handle.alive()) return SQLITE_IOERR_SHMMAP;
    Node& node = *handle.node;
    if (!handle.mapped) {
        handle.mapped = true;
        ++node.mapped;
    }
    const auto index = static_cast<std::size_t>(region);
    while (node.regions.size() <= index) {
        if (extend == 0) return SQLITE_OK;
        node.regions.push_back(std::make_unique<std::byte[]>(static_cast<std::size_t>(size)));
    }
    *out = node.regions[index].get();
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (!handle.alive()) return SQLITE_IOERR_SHMLOCK;
    Node& node = *handle.node;
    const auto first = static_cast<std::size_t>(offset);
    const auto last = first + static_cast<std::size_t>(count);
    const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (std::size_t i = first; i < last; ++i) {
            if (handle.exclusive_regions[i]) node.region_locks[i] = 0;
            if (handle.shared_regions[i]) --node.region_locks[i];
            handle.exclusive_regions[i] = handle.shared_regions[i] = false;
        }
        return SQLITE_OK;
    }
    for (std::size_t i = first; i < last; ++i) {
        if (shared && handle.shared_regions[i]) continue;
        const int held = node.region_locks[i];
        if (shared ? held < 0 : held != 0) return SQLITE_BUSY;
    }
    for (std::size_t i = first; i < last; ++i) {
        if (shared && !handle.shared_regions[i]) {
            ++node.region_locks[i];
            handle.shared_regions[i] = true;
        } else if (!shared) {
            node.region_locks[i] = -1;
            handle.exclusive_regions[i] = true;
        }
    }
    return SQLITE_OK;
}

void shm_barrier(sqlite3_file* file) {
    const std::lock_guard guard(handle_of(file).disk->mutex);
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

int shm_unmap(sqlite3_file* file, int discard) {
    Handle& handle = handle_of(file);
    const std::lock_guard guard(handle.disk->mutex);
    if (handle.alive()) unmap(handle, discard != 0);
    return SQLITE_OK;
}

constexpr sqlite3_io_methods methods{
    2,
    file_close,
    file_read,
    file_write,
    file_truncate,
    file_sync,
    file_size,
    file_lock,
    file_unlock,
    file_check_reserved_lock,
    file_control,
    file_sector_size,
    file_characteristics,
    shm_map,
    shm_lock,
    shm_barrier,
    shm_unmap,
    nullptr,
    nullptr,
};

// ---- the file system -------------------------------------------------------------------------

int vfs_open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags,
             int* out_flags) {
    Disk::Impl& disk = disk_of(vfs);
    file->pMethods = nullptr;
    const std::lock_guard guard(disk.mutex);
    if (disk.fault(DiskOperation::open) == DiskFault::fail) return SQLITE_CANTOPEN;
    const std::string path = name == nullptr ? "" : name;
    std::shared_ptr<Node> node;
    bool made = false;
    if (const auto found = disk.nodes.find(path); found != disk.nodes.end()) {
        node = found->second;
    } else if (path.empty()) {
        node = std::make_shared<Node>();  // SQLite's own temporary file
    } else {
        if ((flags & SQLITE_OPEN_CREATE) == 0 || disk.read_only) return SQLITE_CANTOPEN;
        node = std::make_shared<Node>();
        made = true;
        disk.nodes[path] = node;
    }
    const bool writable = (flags & SQLITE_OPEN_READWRITE) != 0 && !disk.read_only;
    constexpr int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    new (file) Handle{{&methods},
                      &disk,
                      node,
                      path,
                      disk.generation,
                      SQLITE_LOCK_NONE,
                      writable,
                      (flags & SQLITE_OPEN_DELETEONCLOSE) != 0,
                      made && (flags & journals) != 0,
                      false,
                      {},
                      {}};
    if (out_flags != nullptr) {
        *out_flags = flags;
        if (!writable) {
            *out_flags =
                (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
        }
    }
    return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    Disk::Impl& disk = disk_of(vfs);
    const std::lock_guard guard(disk.mutex);
    if (disk.fault(DiskOperation::remove) == DiskFault::fail || disk.read_only) {
        return SQLITE_IOERR_DELETE;
    }
    const auto found = disk.nodes.find(name);
    if (found == disk.nodes.end()) return SQLITE_IOERR_DELETE_NOENT;
    if (sync_directory == 0) disk.removed[name] = found->second;
    disk.nodes.erase(found);
    return SQLITE_OK;
}

int vfs_access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    Disk::Impl& disk = disk_of(vfs);
    const std::lock_guard guard(disk.mutex);
    const bool there = disk.nodes.contains(name);
    *out = there && (flags != SQLITE_ACCESS_READWRITE || !disk.read_only) ? 1 : 0;
    return SQLITE_OK;
}

int vfs_full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    const std::string path = name[0] == '/' ? name : std::string("/") + name;
    if (path.size() + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, path.c_str(), path.size() + 1);
    return SQLITE_OK;
}

int vfs_randomness(sqlite3_vfs* vfs, int size, char* out) {
    Disk::Impl& disk = disk_of(vfs);
    const std::lock_guard guard(disk.mutex);
    disk.rng.fill(std::as_writable_bytes(std::span(out, static_cast<std::size_t>(size))));
    return size;
}

// Nothing here waits, and it is always the same day: 2000-01-01 12:00 UTC.
int vfs_sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
constexpr sqlite3_int64 milliseconds_a_day = 86'400'000;
constexpr sqlite3_int64 julian_day = 2'451'545;
int vfs_time(sqlite3_vfs*, double* out) {
    *out = static_cast<double>(julian_day);
    return SQLITE_OK;
}
int vfs_time_milliseconds(sqlite3_vfs*, sqlite3_int64* out) {
    *out = julian_day * milliseconds_a_day;
    return SQLITE_OK;
}
int vfs_last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

void fill_vfs(sqlite3_vfs& vfs) {
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(Handle));
    vfs.mxPathname = 512;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_path;
    vfs.xRandomness = vfs_randomness;
    vfs.xSleep = vfs_sleep;
    vfs.xCurrentTime = vfs_time;
    vfs.xCurrentTimeInt64 = vfs_time_milliseconds;
    vfs.xGetLastError = vfs_last_error;
}

}  // namespace strongroom::sim
