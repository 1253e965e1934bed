#include "drawn.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace strongroom::panel::test {
namespace {

struct Channels {
    float red = 0;
    float green = 0;
    float blue = 0;
    float alpha = 0;
};

Channels unpacked(ImU32 colour) {
    const auto part = [&](unsigned shift) { return static_cast<float>(colour >> shift & 0xFFU); };
    return {part(IM_COL32_R_SHIFT), part(IM_COL32_G_SHIFT), part(IM_COL32_B_SHIFT),
            part(IM_COL32_A_SHIFT)};
}

Channels pixel(const Picture& texture, int x, int y) {
    x = std::clamp(x, 0, texture.width - 1);
    y = std::clamp(y, 0, texture.height - 1);
    const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(texture.width) +
                     static_cast<std::size_t>(x)) *
                    4;
    const auto part = [&](std::size_t i) { return static_cast<float>(texture.pixels[at + i]); };
    return {part(0), part(1), part(2), part(3)};
}

Channels mixed(const Channels& a, const Channels& b, float share) {
    const auto part = [share](float from, float to) { return from + (to - from) * share; };
    return {part(a.red, b.red), part(a.green, b.green), part(a.blue, b.blue),
            part(a.alpha, b.alpha)};
}

Channels sampled(const Picture& texture, ImVec2 uv) {
    const float x = uv.x * static_cast<float>(texture.width) - 0.5F;
    const float y = uv.y * static_cast<float>(texture.height) - 0.5F;
    const int left = static_cast<int>(std::floor(x));
    const int top = static_cast<int>(std::floor(y));
    const float right_share = x - static_cast<float>(left);
    const float low_share = y - static_cast<float>(top);
    return mixed(
        mixed(pixel(texture, left, top), pixel(texture, left + 1, top), right_share),
        mixed(pixel(texture, left, top + 1), pixel(texture, left + 1, top + 1), right_share),
        low_share);
}

float edge(ImVec2 a, ImVec2 b, float x, float y) {
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

// Whether a point on this edge belongs to the triangle: each edge that two share belongs to one.
bool owns(ImVec2 a, ImVec2 b) { return a.y == b.y ? b.x > a.x : b.y < a.y; }

struct Target {
    Picture& picture;
    int left = 0;  // of what may be drawn on
    int top = 0;
    int right = 0;
    int bottom = 0;
};

void blend(Picture& picture, int x, int y, const Channels& over) {
    const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                     static_cast<std::size_t>(x)) *
                    4;
    const float share = over.alpha / 255;
    const auto part = [&](std::size_t i, float value) {
        const float under = static_cast<float>(picture.pixels[at + i]);
        picture.pixels[at + i] = static_cast<std::uint8_t>(
            std::clamp(under + (value - under) * share + 0.5F, 0.0F, 255.0F));
    };
    part(0, over.red);
    part(1, over.green);
    part(2, over.blue);
}

void fill(const Target& target, const Picture& texture, ImDrawVert a, ImDrawVert b, ImDrawVert c) {
    float area = edge(a.pos, b.pos, c.pos.x, c.pos.y);
    if (area == 0) return;
    if (area < 0) {
        std::swap(b, c);
        area = -area;
    }
    const auto [least_x, most_x] = std::minmax({a.pos.x, b.pos.x, c.pos.x});
    const auto [least_y, most_y] = std::minmax({a.pos.y, b.pos.y, c.pos.y});
    const int left = std::max(target.left, static_cast<int>(std::floor(least_x)));
    const int right = std::min(target.right, static_cast<int>(std::ceil(most_x)));
    const int top = std::max(target.top, static_cast<int>(std::floor(least_y)));
    const int bottom = std::min(target.bottom, static_cast<int>(std::ceil(most_y)));
    const Channels ca = unpacked(a.col);
    const Channels cb = unpacked(b.col);
    const Channels cc = unpacked(c.col);
    const bool plain = a.uv.x == b.uv.x && a.uv.x == c.uv.x && a.uv.y == b.uv.y && a.uv.y == c.uv.y;
    const Channels ground = plain ? sampled(texture, a.uv) : Channels{};
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            const float px = static_cast<float>(x) + 0.5F;
            const float py = static_cast<float>(y) + 0.5F;
            const float wa = edge(b.pos, c.pos, px, py);
            const float wb = edge(c.pos, a.pos, px, py);
            const float wc = edge(a.pos, b.pos, px, py);
            if (wa < 0 || wb < 0 || wc < 0) continue;
            if ((wa == 0 && !owns(b.pos, c.pos)) || (wb == 0 && !owns(c.pos, a.pos)) ||
                (wc == 0 && !owns(a.pos, b.pos))) {
                continue;
            }
            const float fa = wa / area;
            const float fb = wb / area;
            const float fc = wc / area;
            const auto part = [&](float of_a, float of_b, float of_c) {
                return of_a * fa + of_b * fb + of_c * fc;
            };
            const Channels colour{part(ca.red, cb.red, cc.red), part(ca.green, cb.green, cc.green),
                                  part(ca.blue, cb.blue, cc.blue),
                                  part(ca.alpha, cb.alpha, cc.alpha)};
            const Channels seen = plain ? ground
                                        : sampled(texture, {part(a.uv.x, b.uv.x, c.uv.x),
                                                            part(a.uv.y, b.uv.y, c.uv.y)});
            blend(target.picture, x, y,
                  {colour.red * seen.red / 255, colour.green * seen.green / 255,
                   colour.blue * seen.blue / 255, colour.alpha * seen.alpha / 255});
        }
    }
}

template <class Visit>
void for_each_command(const ImDrawData& data, Visit&& visit) {
    for (int list = 0; list < data.CmdListsCount; ++list) {
        const ImDrawList& commands = *data.CmdLists[list];
        for (const ImDrawCmd& command : commands.CmdBuffer) {
            if (command.UserCallback == nullptr) visit(commands, command);
        }
    }
}

const ImDrawVert& vertex(const ImDrawList& list, const ImDrawCmd& command, unsigned index) {
    const auto at = static_cast<int>(command.IdxOffset + index);
    return list.VtxBuffer[static_cast<int>(list.IdxBuffer[at] + command.VtxOffset)];
}

}  // namespace

Picture drawn(const ImDrawData& data, ImVec4 ground) {
    Picture picture;
    picture.width = static_cast<int>(data.DisplaySize.x);
    picture.height = static_cast<int>(data.DisplaySize.y);
    const auto count =
        static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
    picture.pixels.reserve(count * 4);
    const auto byte = [](float part) { return static_cast<std::uint8_t>(part * 255 + 0.5F); };
    for (std::size_t i = 0; i < count; ++i) {
        picture.pixels.insert(picture.pixels.end(),
                              {byte(ground.x), byte(ground.y), byte(ground.z), 255});
    }
    for_each_command(data, [&](const ImDrawList& list, const ImDrawCmd& command) {
        const auto& texture = *static_cast<const Picture*>(command.GetTexID());
        const Target target{picture, std::max(0, static_cast<int>(command.ClipRect.x)),
                            std::max(0, static_cast<int>(command.ClipRect.y)),
                            std::min(picture.width, static_cast<int>(command.ClipRect.z)),
                            std::min(picture.height, static_cast<int>(command.ClipRect.w))};
        for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
            fill(target, texture, vertex(list, command, i), vertex(list, command, i + 1),
                 vertex(list, command, i + 2));
        }
    });
    return picture;
}

std::vector<ImVec2> clipped_letters(const ImDrawData& data) {
    std::vector<ImVec2> places;
    const ImVec2 white = ImGui::GetIO().Fonts->TexUvWhitePixel;
    const ImTextureID letters = ImGui::GetIO().Fonts->TexID;
    for_each_command(data, [&](const ImDrawList& list, const ImDrawCmd& command) {
        if (command.GetTexID() != letters) return;
        // A letter is a rectangle of its own: two triangles whose texture has an extent.
        for (unsigned i = 0; i + 5 < command.ElemCount; i += 6) {
            const ImDrawVert& least = vertex(list, command, i);
            const ImDrawVert& most = vertex(list, command, i + 2);
            const bool has_extent = least.uv.x != most.uv.x && least.uv.y != most.uv.y;
            if (!has_extent || (least.uv.x == white.x && least.uv.y == white.y)) continue;
            if (most.pos.x - least.pos.x < 1.5F) continue;
            const ImVec4& clip = command.ClipRect;
            if (most.pos.y <= clip.y || least.pos.y >= clip.w) continue;
            constexpr float tolerance = 1;
            if (least.pos.x < clip.x - tolerance || most.pos.x > clip.z + tolerance) {
                places.push_back(least.pos);
            }
        }
    });
    return places;
}

void save_png(const Picture& picture, const std::filesystem::path& file) {
    const cv::Mat image(picture.height, picture.width, CV_8UC4,
                        // imwrite() reads alone.
                        const_cast<std::uint8_t*>(picture.pixels.data()));
    cv::Mat blue_first;
    cv::cvtColor(image, blue_first, cv::COLOR_RGBA2BGR);
    if (!cv::imwrite(file.string(), blue_first)) {
        throw std::runtime_error("cannot write " + file.string());
    }
}

}  // namespace strongroom::panel::test
