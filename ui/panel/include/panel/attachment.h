// Attachment: a panel that looks at a terminal which serves, through its status socket. Read-only:
// no order ever leaves the panel. When the terminal goes, that is said, and it is looked for again.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "panel/ledger.h"
#include "panel/view.h"

namespace strongroom::panel {

class Attachment final : public Feed {
public:
    // `published` is called from a thread of the attachment after each change.
    explicit Attachment(std::filesystem::path socket, std::function<void()> published = {});
    ~Attachment() override;
    Attachment(const Attachment&) = delete;
    Attachment& operator=(const Attachment&) = delete;

    [[nodiscard]] std::shared_ptr<const Snapshot> latest() const override;
    // Of a terminal that is not there, or that says what cannot be understood.
    [[nodiscard]] std::string failure() const override;

    // Refused: the next snapshot's complaint says so.
    void post(Order order) override;
    void post(TimeOrder order) override;

private:
    void work();
    [[nodiscard]] int connect_to() const;
    void listen(int descriptor);
    void hear(std::string_view line);
    void follow_alarms(const std::vector<Alarm>& sounding, Instant now);
    void lost(const std::string& why);
    void refuse(const std::string& what);

    std::filesystem::path socket_;
    std::function<void()> published_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Snapshot> latest_;
    std::string failure_;
    std::atomic<bool> ends_ = false;

    // The attachment's thread alone.
    Ledger<EventRow> events_;
    std::uint64_t last_event_ = 0;
    std::vector<AlarmRow> alarms_;  // oldest first
    std::uint64_t serial_ = 0;

    std::thread thread_;  // last: it uses all of the above
};

}  // namespace strongroom::panel
