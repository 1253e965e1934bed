// Window: one GLFW window with OpenGL 3 and an ImGui context, its letters and its scale, and what
// was typed into it. One at a time; the thread that made it, except wake().
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct GLFWwindow;

namespace strongroom::panel {

// No window can be had: what is wrong and what to do.
class WindowError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct WindowSetup {
    int width = 1280;             // 320 to 3840
    int height = 800;             // 240 to 2160
    float scale = 1;              // the user's; the screen's comes to it
    bool wait_for_screen = true;  // false: frames as fast as they can be drawn
};

// Keys that mean something to the whole panel.
enum class Key : std::uint8_t {
    help,       // F1
    run_pause,  // F5; Space when nothing else wants it
    step,       // F6
    quit,       // Ctrl+Q
    larger,     // Ctrl and +
    smaller,    // Ctrl and -
    own_size,   // Ctrl+0
    next,       // Tab
    previous,   // Shift+Tab
    view,       // Ctrl+1 to Ctrl+9
};
struct KeyPress {
    Key key{};
    int number = 0;  // of the view, from 1
};

// Rows from the top, three bytes a pixel: blue, green, red.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;
};

inline constexpr float least_scale = 0.7F;
inline constexpr float most_scale = 4.0F;

class Window {
public:
    // Throws WindowError.
    explicit Window(const WindowSetup& setup);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    // The user's scale, least_scale to most_scale; in effect with the next frame.
    void set_scale(float scale);
    [[nodiscard]] float user_scale() const { return user_scale_; }
    // Of everything measured in pixels: the user's times the screen's.
    [[nodiscard]] float scale() const { return user_scale_ * content_scale_ / pixel_ratio_; }
    // Anew with the next frame: the theme has changed.
    void restyle() { styled_ = false; }
    // What is missing of the letters, and what to install; empty: nothing is.
    [[nodiscard]] const std::string& font_notice() const { return font_notice_; }
    // "Mesa ... llvmpipe": who draws.
    [[nodiscard]] const std::string& renderer() const { return renderer_; }

    // Waits for input, wake() or the time. True when something happened that must be drawn.
    bool wait(double seconds);
    // Takes what there is and does not wait.
    void poll();
    // Ends a wait, from any thread, while a window lives.
    static void wake();

    // The person wants to close it; asked once a wish.
    [[nodiscard]] bool take_close_request();
    // What was typed since it was last asked.
    [[nodiscard]] std::vector<KeyPress> take_keys() { return std::exchange(keys_, {}); }

    void begin_frame();
    // Draws and shows the frame. With `copy` it is also read back.
    void end_frame(Picture* copy = nullptr);

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    // Seconds since the window was made.
    [[nodiscard]] double seconds() const;

private:
    void open(const WindowSetup& setup);
    void listen();
    void prepare_letters();
    void on_key(int key, int scancode, int action, int modifiers);
    void pass_on(int key, int scancode, int action, int modifiers);
    void release_late();
    [[nodiscard]] bool take_key(int key, int modifiers);

    GLFWwindow* window_ = nullptr;
    float user_scale_ = 1;
    float content_scale_ = 1;
    float pixel_ratio_ = 1;
    float letters_at_ = 0;
    bool styled_ = false;
    bool touched_ = true;
    int width_ = 0;
    int height_ = 0;
    std::string font_notice_;
    std::string renderer_;
    std::vector<KeyPress> keys_;
    // ImGui looks at keys once a frame: what was pressed and released between two frames is
    // released in the next.
    struct Stroke {
        int key = 0;
        int scancode = 0;
        int modifiers = 0;
    };
    std::vector<int> pressed_since_frame_;
    std::vector<Stroke> late_releases_;
};

}  // namespace strongroom::panel
