// Meshes of a head in its own coordinates: half head heights, x to the right of the image of a
// frontal face, y up, z to the camera; the shapes of its expressions; where its points are.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "maths.h"
#include "people/head.h"
#include "people/renderer.h"

namespace strongroom::people {

struct Vertex {
    V3 p;
    V3 n;
    float u = 0;  // of the texture
    float v = 0;
    float occlusion = 1;  // 1 open, less in hollows
    float a = 0;          // by kind: x at rest, or a mark that the shader understands
    float b = 0;          // by kind: y at rest
};

using Triangle = std::array<std::uint32_t, 3>;

struct Mesh {
    std::vector<Vertex> vertices;
    std::vector<Triangle> triangles;
};

// Fills in the normals from the triangles; those of vertices at one place stay apart.
void compute_normals(Mesh& mesh);
// Vertices of a grid, row by row, become triangles; `columns` vertices a row.
void add_grid_triangles(Mesh& mesh, int rows, int columns, std::uint32_t first = 0);

// The numbers of a head as the meshes use them.
struct Features {
    explicit Features(const Head& head);
    float width, height, depth, jaw, cheek, chin, forehead, brow_ridge;
    float nose_width, nose_length, nose_height, nose_bend;
    float eye_gap, eye_width, eye_height, eye_y, eye_slant;
    float mouth_y, mouth_width, lip_height;
    float ear_size, ear_angle;
    float hairline, brow_thickness, brow_y, brow_slope;
    float beard, moustache, freckles, age;
    [[nodiscard]] float nose_base() const { return eye_y - nose_length; }
    // Half the height of the band between the lips, which an open mouth stretches.
    static constexpr float lip_gap = 0.006F;
};

enum class ExpressionShape : std::uint8_t { open_mouth, smile, raised_brows };
inline constexpr std::size_t expression_shapes = 3;

// What a full expression adds to each vertex and to its normal.
struct Blend {
    std::vector<V3> position;
    std::vector<V3> normal;
};

// A point on the mesh: a triangle and weights.
struct Anchor {
    Triangle corners{};
    std::array<float, 3> weights{};
};

struct HeadMesh {
    int rows = 0;
    int columns = 0;  // vertices a row; the last lies on the first
    Mesh mesh;        // its triangles: the skin without eyes and mouth
    std::vector<Triangle> eyes;
    std::vector<Triangle> mouth;
    std::array<Blend, expression_shapes> blends;
    std::array<Anchor, point_count> anchors;
};

// `detail`: vertices along an edge, 1 fine or 0.55 coarse. `swelling`: see Material.
[[nodiscard]] HeadMesh make_head_mesh(const Features& features, float detail, float swelling);

// Where the grid of a head lies at (column, row) as shares of its extent: the same for the texture.
[[nodiscard]] V3 head_point(const Features& f, float theta, float y);
[[nodiscard]] float theta_of(float u);

// Half the height of the eye's opening, upper and lower, at `along` (-1 outer to 1 inner corner).
struct LidCurve {
    float upper = 0;
    float lower = 0;
};
[[nodiscard]] LidCurve lids(const Features& f, float along, float open);

}  // namespace strongroom::people
