#include "window.h"

#include <algorithm>
#include <cmath>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "fonts.h"
#include "panel/theme.h"

namespace strongroom::panel {

namespace {

constexpr float letter_pixels = 15;  // a line at scale 1

std::string glfw_error;

void remember_error(int, const char* words) { glfw_error = words; }

Window& of(GLFWwindow* window) { return *static_cast<Window*>(glfwGetWindowUserPointer(window)); }

}  // namespace

Window::Window(const WindowSetup& setup)
    : user_scale_(std::clamp(setup.scale, least_scale, most_scale)) {
    glfwSetErrorCallback(remember_error);
    if (glfwInit() != GLFW_TRUE) {
        throw WindowError("there is no display to open a window on (" + glfw_error +
                          "). Start the panel in a graphical session, over ssh with `ssh -X`, or "
                          "without a screen under `xvfb-run`");
    }
    try {
        open(setup);
    } catch (...) {
        glfwTerminate();
        throw;
    }
}

void Window::open(const WindowSetup& setup) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
    glfwWindowHint(GLFW_FOCUS_ON_SHOW, GLFW_TRUE);
    window_ = glfwCreateWindow(setup.width, setup.height, "strongroom", nullptr, nullptr);
    if (window_ == nullptr) {
        throw WindowError("this display has no OpenGL 3 (" + glfw_error +
                          "). Install libgl1-mesa-dri, which draws without a graphics card, or "
                          "start with LIBGL_ALWAYS_SOFTWARE=1");
    }
    glfwSetWindowSizeLimits(window_, 320, 240, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(setup.wait_for_screen ? 1 : 0);
    if (const auto* name = glGetString(GL_RENDERER); name != nullptr) {
        renderer_ = reinterpret_cast<const char*>(name);
    }
    glfwGetWindowContentScale(window_, &content_scale_, nullptr);
    content_scale_ = std::clamp(content_scale_, 0.5F, 4.0F);
    glfwGetWindowSize(window_, &width_, &height_);

    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    // The layout is remembered with the other settings.
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    listen();
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
    // After ImGui's own, so that keys of the whole panel are taken before it sees them.
    glfwSetKeyCallback(window_,
                       [](GLFWwindow* window, int key, int scancode, int action, int modifiers) {
                           of(window).on_key(key, scancode, action, modifiers);
                       });
    ImGui_ImplOpenGL3_Init("#version 130");
}

// Whatever reaches the window is a reason to draw it; ImGui calls these from its own.
void Window::listen() {
    glfwSetWindowUserPointer(window_, this);
    glfwSetCursorPosCallback(
        window_, [](GLFWwindow* window, double, double) { of(window).touched_ = true; });
    glfwSetMouseButtonCallback(
        window_, [](GLFWwindow* window, int, int, int) { of(window).touched_ = true; });
    glfwSetScrollCallback(window_,
                          [](GLFWwindow* window, double, double) { of(window).touched_ = true; });
    glfwSetCharCallback(window_, [](GLFWwindow* window, unsigned) { of(window).touched_ = true; });
    glfwSetWindowFocusCallback(window_,
                               [](GLFWwindow* window, int) { of(window).touched_ = true; });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* window) { of(window).touched_ = true; });
    glfwSetWindowCloseCallback(window_, [](GLFWwindow* window) { of(window).touched_ = true; });
    glfwSetFramebufferSizeCallback(
        window_, [](GLFWwindow* window, int, int) { of(window).touched_ = true; });
    glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* window, float across, float) {
        of(window).content_scale_ = std::clamp(across, 0.5F, 4.0F);
        of(window).touched_ = true;
    });
}

Window::~Window() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(window_);
    glfwTerminate();
}

void Window::set_scale(float scale) { user_scale_ = std::clamp(scale, least_scale, most_scale); }

bool Window::wait(double seconds) {
    glfwWaitEventsTimeout(seconds);
    return std::exchange(touched_, false);
}

void Window::poll() { glfwPollEvents(); }

void Window::wake() { glfwPostEmptyEvent(); }

bool Window::take_close_request() {
    const bool wanted = glfwWindowShouldClose(window_) == GLFW_TRUE;
    if (wanted) glfwSetWindowShouldClose(window_, GLFW_FALSE);
    return wanted;
}

double Window::seconds() const { return glfwGetTime(); }

bool Window::take_key(int key, int modifiers) {
    const bool control = (modifiers & GLFW_MOD_CONTROL) != 0;
    const bool shift = (modifiers & GLFW_MOD_SHIFT) != 0;
    const auto taken = [this](Key meant, int number = 0) {
        keys_.push_back({meant, number});
        return true;
    };
    if (control && key >= GLFW_KEY_1 && key <= GLFW_KEY_9) {
        return taken(Key::view, key - GLFW_KEY_0);
    }
    if (control) {
        switch (key) {
            case GLFW_KEY_Q: return taken(Key::quit);
            case GLFW_KEY_EQUAL:
            case GLFW_KEY_KP_ADD: return taken(Key::larger);
            case GLFW_KEY_MINUS:
            case GLFW_KEY_KP_SUBTRACT: return taken(Key::smaller);
            case GLFW_KEY_0:
            case GLFW_KEY_KP_0: return taken(Key::own_size);
            default: return false;
        }
    }
    const ImGuiIO& io = ImGui::GetIO();
    switch (key) {
        case GLFW_KEY_F1: return taken(Key::help);
        case GLFW_KEY_F5: return taken(Key::run_pause);
        case GLFW_KEY_F6: return taken(Key::step);
        case GLFW_KEY_TAB: return taken(shift ? Key::previous : Key::next);
        // Where the keyboard is on a control, Space presses that.
        case GLFW_KEY_SPACE: return !io.WantTextInput && !io.NavVisible && taken(Key::run_pause);
        default: return false;
    }
}

void Window::on_key(int key, int scancode, int action, int modifiers) {
    touched_ = true;
    // Releases always arrive, so that no key stays down.
    if (action != GLFW_RELEASE && take_key(key, modifiers)) return;
    pass_on(key, scancode, action, modifiers);
#if IMGUI_VERSION_NUM < 18700
    // This ImGui presses a control by Space alone; people press Enter as well.
    const bool enter = key == GLFW_KEY_ENTER || key == GLFW_KEY_KP_ENTER;
    if (enter && (action == GLFW_RELEASE || !ImGui::GetIO().WantTextInput)) {
        pass_on(GLFW_KEY_SPACE, 0, action, modifiers);
    }
#endif
}

void Window::pass_on(int key, int scancode, int action, int modifiers) {
    const bool fresh = std::find(pressed_since_frame_.begin(), pressed_since_frame_.end(), key) !=
                       pressed_since_frame_.end();
    if (action == GLFW_RELEASE && fresh) {
        late_releases_.push_back({key, scancode, modifiers});
        return;
    }
    if (action == GLFW_PRESS) pressed_since_frame_.push_back(key);
    ImGui_ImplGlfw_KeyCallback(window_, key, scancode, action, modifiers);
}

void Window::release_late() {
    pressed_since_frame_.clear();
    for (const Stroke& stroke : std::exchange(late_releases_, {})) {
        ImGui_ImplGlfw_KeyCallback(window_, stroke.key, stroke.scancode, GLFW_RELEASE,
                                   stroke.modifiers);
    }
}

void Window::prepare_letters() {
    int pixels = 0;
    glfwGetFramebufferSize(window_, &pixels, nullptr);
    glfwGetWindowSize(window_, &width_, &height_);
    pixel_ratio_ =
        width_ > 0 && pixels > 0 ? static_cast<float>(pixels) / static_cast<float>(width_) : 1.0F;
    const float wanted = std::round(letter_pixels * user_scale_ * content_scale_);
    if (std::abs(wanted - letters_at_) > 0.5F) {
        font_notice_ = load_fonts(wanted);
        letters_at_ = wanted;
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
        styled_ = false;
    }
    if (!styled_) {
        ImGui::GetIO().FontGlobalScale = 1 / pixel_ratio_;
        theme().apply(scale());
        styled_ = true;
    }
}

void Window::begin_frame() {
    prepare_letters();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    release_late();
}

void Window::end_frame(Picture* copy) {
    ImGui::Render();
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    glViewport(0, 0, width, height);
    const Colour behind = theme().colour(Meaning::background);
    glClearColor(behind.red, behind.green, behind.blue, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    if (copy != nullptr) {
        copy->width = width;
        copy->height = height;
        const auto row = static_cast<std::size_t>(width) * 3;
        copy->pixels.resize(row * static_cast<std::size_t>(height));
        glPixelStorei(GL_PACK_ALIGNMENT, 1);
        // OpenGL's first row is the lowest.
        for (int line = 0; line < height; ++line) {
            glReadPixels(0, height - 1 - line, width, 1, GL_BGR, GL_UNSIGNED_BYTE,
                         copy->pixels.data() + row * static_cast<std::size_t>(line));
        }
    }
    glfwSwapBuffers(window_);
}

}  // namespace strongroom::panel
