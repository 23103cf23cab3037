/* make_head - writes a made volume as uncompressed NIfTI-1, with its own writer, so that tests need neither data nor
 * the code under test.
 *
 *   make_head OUT [--kind head|box|cylinder|ball|noise|zero] [--size MM] [--orient XYZ] [--dtype NAME] [--frames N]
 *             [--nose MM] [--big-endian] [--text STRING] [--special nan|inf] [--contrast t1|t2|pet|ct|flat]
 *             [--spacing X,Y,Z] [--view X0,X1,Y0,Y1,Z0,Z1] [--move X,Y,Z,DEGREES] [--ball X,Y,Z,R] [--header XYZ]
 *             [--origin X,Y,Z]
 *
 * The head is a sum of ellipsoids in millimetres of the world frame (RAS, origin in the middle of the brain): scalp,
 * skull, liquor, grey and white matter, ventricles, cerebellum, eyes, nasal cavity, nose, lips, chin, jaw, ears, neck.
 * Sizes are those of an adult; intensities those of a T1. --nose moves only the tip of the nose (default 0), so that
 * two heads can differ in the face alone. --size is the edge of a voxel (default 2), --orient where x, y and z go
 * (default RAS).
 *
 * Of one visit: --contrast is another series of the same head (t2: liquor bright; pet: uptake of the brain alone; ct:
 * HU; flat: one value everywhere), --spacing another voxel along x, y, z of the world, --view another field of view,
 * --move where the head lies (mm, then nodded by degrees). --header is the orientation that the header says whatever
 * the voxels are, --origin moves what it says of the place. A ball is 1 inside and 0 outside: a mask. */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 352 };

typedef struct args {
    const char *out, *kind, *orient, *dtype, *text, *special, *contrast, *header;
    double size, nose, spacing[3], view[6], move[4], ball[4], origin[3];
    int frames, big_endian;
} args;

typedef struct ellipsoid {
    double c[3], r[3]; /* centre, half axes */
    double value;
} ellipsoid;

/* Later ones overwrite earlier ones: from outside to inside. */
static const ellipsoid outside[] = {
    {{0, -36, -92}, {61, 63, 80}, 90},                                    /* neck */
    {{0, -12, 8}, {79, 102, 95}, 200},                                    /* scalp */
    {{0, 30, -28}, {62, 66, 62}, 150},                                    /* face */
    {{0, 55, -73}, {44, 40, 24}, 140},                                    /* jaw */
    {{0, 90, -85}, {18, 12, 12}, 160},                                    /* chin */
    {{0, 93, -57}, {24, 10, 5}, 170},                                     /* upper lip */
    {{0, 91, -68}, {22, 9, 5}, 170},                                      /* lower lip */
    {{-80, -18, -32}, {7, 18, 30}, 170},                                  /* ears */
    {{80, -18, -32}, {7, 18, 30}, 170},  {{0, 84, 13}, {30, 12, 9}, 160}, /* brow */
};
static const ellipsoid inside[] = {
    {{0, -13, 3}, {73, 94, 87}, 25},                                         /* skull */
    {{0, -15, 3}, {68, 88, 80}, 45},                                         /* liquor */
    {{0, -15, 4}, {66, 85, 76}, 115},                                        /* grey matter */
    {{-32, -14, 16}, {27, 68, 52}, 170},                                     /* white matter */
    {{32, -14, 16}, {27, 68, 52}, 170},  {{0, 66, -39}, {52, 62, 46}, 130},  /* skull base and what hangs below it */
    {{0, -60, -47}, {48, 32, 24}, 125},                                      /* cerebellum */
    {{0, -28, -48}, {13, 13, 40}, 165},                                      /* brain stem */
    {{-11, -8, 20}, {8, 34, 13}, 40},                                        /* ventricles */
    {{11, -8, 20}, {8, 34, 13}, 40},     {{-32, 66, -1}, {18, 20, 17}, 190}, /* orbital fat */
    {{32, 66, -1}, {18, 20, 17}, 190},   {{-32, 74, -1}, {12, 12, 12}, 40},  /* eyes */
    {{32, 74, -1}, {12, 12, 12}, 40},    {{0, 60, -29}, {14, 32, 18}, 5},    /* nasal cavity */
    {{-28, 62, -31}, {12, 14, 15}, 5},                                       /* maxillary sinuses */
    {{28, 62, -31}, {12, 14, 15}, 5},    {{0, 62, -61}, {26, 26, 10}, 110},  /* tongue */
    {{0, 78, -59}, {24, 10, 8}, 15},                                         /* teeth */
};

static int within(const ellipsoid *e, const double p[3])
{
    double s = 0;
    for (int i = 0; i < 3; i++) {
        double d = (p[i] - e->c[i]) / e->r[i];
        s += d * d;
    }
    return s <= 1;
}

/* The nose is a ridge that rises from the brow to its tip. */
static int within_nose(const double p[3], double tip)
{
    double down = (9 - p[2]) / 46; /* 0 at the root, 1 at the base */
    if (down < 0 || down > 1)
        return 0;
    double front = 88 + (26 + tip) * down, half = 6 + 11 * down;
    return p[1] > 60 && p[1] < front && fabs(p[0]) < half * (1 - 0.5 * (p[1] - 60) / (front - 60));
}

static double head_at(const double p[3], double nose)
{
    double value = 0;
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        if (within(&outside[i], p))
            value = outside[i].value;
    }
    if (within_nose(p, nose))
        value = 165;
    for (size_t i = 0; value > 0 && i < sizeof inside / sizeof *inside; i++) {
        if (within(&inside[i], p))
            value = inside[i].value;
    }
    return value;
}

/* What another series shows of the tissue that has the T1 level v. */
static double contrast_of(const char *contrast, double v)
{
    int brain = v == 115 || v == 170 || v == 125 || v == 165, liquor = v == 45 || v == 40;
    if (!strcmp(contrast, "t2"))
        return v == 0 ? 0 : liquor ? 240 : 200 - 0.8 * v;
    if (!strcmp(contrast, "pet"))
        return brain ? (v < 130 ? 200 : 90) : v > 30 ? 6 : 0;
    if (!strcmp(contrast, "ct"))
        return v == 0 || v == 5 ? -1000 : v == 25 || v == 15 ? 900 : v > 180 ? -80 : 40;
    return strcmp(contrast, "flat") ? v : 100;
}

/* Where in the head the point p of the world is, for a head that was moved. */
static void in_head(const double move[4], const double p[3], double h[3])
{
    double c = cos(move[3] * acos(-1) / 180), s = sin(move[3] * acos(-1) / 180);
    double q[3] = {p[0] - move[0], p[1] - move[1], p[2] - move[2]};
    h[0] = q[0];
    h[1] = c * q[1] + s * q[2];
    h[2] = c * q[2] - s * q[1];
}

/* A hash of the voxel's number: noise without a random number generator (the finaliser of MurmurHash3). */
static double noise_at(uint32_t n)
{
    n ^= n >> 16;
    n *= 0x85ebca6bu;
    n ^= n >> 13;
    n *= 0xc2b2ae35u;
    n ^= n >> 16;
    return n / 4294967296.0;
}

static double value_at(const args *a, const double p[3], uint32_t number)
{
    double noise = noise_at(number);
    if (!strcmp(a->kind, "zero"))
        return 0;
    if (!strcmp(a->kind, "noise"))
        return 200 * noise;
    if (!strcmp(a->kind, "box"))
        return (fabs(p[0]) < 60 && fabs(p[1]) < 60 && fabs(p[2]) < 60 ? 150 : 0) + 6 * noise;
    if (!strcmp(a->kind, "cylinder"))
        return (p[0] * p[0] + p[1] * p[1] < 80 * 80 && fabs(p[2]) < 90 ? 150 : 0) + 6 * noise;
    if (!strcmp(a->kind, "ball")) {
        double d[3] = {p[0] - a->ball[0], p[1] - a->ball[1], p[2] - a->ball[2]};
        return d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < a->ball[3] * a->ball[3];
    }
    double h[3];
    in_head(a->move, p, h);
    return contrast_of(a->contrast, head_at(h, a->nose)) + 6 * noise;
}

static const struct {
    const char *name;
    int code, bytes;
} dtypes[] = {{"uint8", 2, 1},    {"int16", 4, 2},      {"int32", 8, 4},  {"float32", 16, 4},
              {"float64", 64, 8}, {"complex64", 32, 8}, {"int8", 256, 1}, {"uint16", 512, 2}};

static int dtype_row(const char *name)
{
    for (int i = 0; i < (int)(sizeof dtypes / sizeof *dtypes); i++) {
        if (!strcmp(dtypes[i].name, name))
            return i;
    }
    fprintf(stderr, "make_head: unknown dtype\n");
    exit(2);
}

static void put(uint8_t *at, uint64_t bits, int bytes, int big_endian)
{
    for (int i = 0; i < bytes; i++)
        at[big_endian ? bytes - 1 - i : i] = (uint8_t)(bits >> (8 * i));
}

static void put_f32(uint8_t *at, double v, int big_endian)
{
    float f = (float)v;
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    put(at, bits, 4, big_endian);
}

static void put_voxel(uint8_t *at, const char *dtype, int bytes, double v, int big_endian)
{
    if (!strcmp(dtype, "float64")) {
        uint64_t bits;
        memcpy(&bits, &v, sizeof bits);
        put(at, bits, 8, big_endian);
    } else if (!strcmp(dtype, "float32")) {
        put_f32(at, v, big_endian);
    } else if (!strcmp(dtype, "complex64")) {
        put_f32(at, v, big_endian);
        put_f32(at + 4, 0, big_endian);
    } else {
        double top = !strcmp(dtype, "int8") ? 127 : !strcmp(dtype, "uint8") ? 255 : 32767;
        put(at, (uint64_t)(int64_t)(v < top ? v : top), bytes, big_endian);
    }
}

/* Which world axis each voxel axis runs along, and which way. */
static void axes(const char *orient, int axis[3], int sign[3])
{
    if (strlen(orient) != 3) {
        fprintf(stderr, "make_head: --orient takes three letters\n");
        exit(2);
    }
    for (int i = 0; i < 3; i++) {
        static const char letters[] = "RLAPSI";
        const char *at = strchr(letters, orient[i]);
        if (!at) {
            fprintf(stderr, "make_head: --orient takes letters of RLAPSI\n");
            exit(2);
        }
        int k = (int)(at - letters);
        axis[i] = k / 2;
        sign[i] = k % 2 ? -1 : 1;
    }
}

typedef struct grid {
    int dims[3], axis[3], sign[3];
    double origin[3]; /* world position of voxel 0,0,0 */
    double step[3];   /* along the axes of the world */
} grid;

static grid make_grid(const args *a)
{
    grid g = {.step = {a->spacing[0], a->spacing[1], a->spacing[2]}};
    axes(a->orient, g.axis, g.sign);
    for (int i = 0; i < 3; i++) {
        int w = g.axis[i];
        double low = a->view[2 * w], high = a->view[2 * w + 1];
        g.dims[i] = (int)((high - low) / g.step[w]);
        g.origin[w] = g.sign[i] > 0 ? low : low + (g.dims[i] - 1) * g.step[w];
    }
    return g;
}

static void make_header(const args *a, const grid *g, uint8_t h[HEADER])
{
    int e = a->big_endian, row = dtype_row(a->dtype);
    memset(h, 0, HEADER);
    put(h, 348, 4, e);
    put(h + 40, a->frames > 1 ? 4 : 3, 2, e);
    for (int i = 0; i < 7; i++)
        put(h + 42 + 2 * i, i < 3 ? (uint64_t)g->dims[i] : i == 3 ? (uint64_t)a->frames : 1, 2, e);
    put(h + 70, (uint64_t)dtypes[row].code, 2, e);
    put(h + 72, (uint64_t)dtypes[row].bytes * 8, 2, e);
    grid said = *g;
    if (a->header)
        axes(a->header, said.axis, said.sign);
    put_f32(h + 76, 1, e);
    for (int i = 0; i < 3; i++)
        put_f32(h + 80 + 4 * i, g->step[g->axis[i]], e);
    put_f32(h + 92, 1, e);
    put_f32(h + 108, HEADER, e);
    h[123] = 2; /* millimetres */
    if (a->text)
        strncpy((char *)h + 148, a->text, 79);
    put(h + 254, 1, 2, e); /* sform: scanner */
    for (int i = 0; i < 3; i++) {
        double step = g->step[g->axis[i]];
        int w = said.axis[i];
        put_f32(h + 280 + 16 * w + 4 * i, said.sign[i] * step, e);
        double origin = a->header ? (said.sign[i] > 0 ? -0.5 : 0.5) * (g->dims[i] - 1) * step : g->origin[w];
        put_f32(h + 280 + 16 * w + 12, origin + a->origin[w], e);
    }
    memcpy(h + 344, "n+1", 4);
}

/* One plane of NaN or Inf in the air beside the head. */
static double special_or(const args *a, int plane, double v)
{
    if (!a->special || plane != 1)
        return v;
    return !strcmp(a->special, "nan") ? (double)NAN : (double)INFINITY;
}

static int write_voxels(const args *a, const grid *g, FILE *f)
{
    int row = dtype_row(a->dtype), bytes = dtypes[row].bytes;
    uint8_t *line = malloc((size_t)g->dims[0] * (size_t)bytes);
    uint32_t number = 0;
    for (int t = 0; line && t < a->frames; t++) {
        for (int z = 0; z < g->dims[2]; z++) {
            for (int y = 0; y < g->dims[1]; y++) {
                for (int x = 0; x < g->dims[0]; x++) {
                    int v[3] = {x, y, z};
                    double p[3];
                    for (int i = 0; i < 3; i++)
                        p[g->axis[i]] = g->origin[g->axis[i]] + g->sign[i] * g->step[g->axis[i]] * v[i];
                    double value = special_or(a, z, value_at(a, p, number++));
                    put_voxel(line + (size_t)x * (size_t)bytes, a->dtype, bytes, value, a->big_endian);
                }
                fwrite(line, (size_t)bytes, (size_t)g->dims[0], f);
            }
        }
    }
    int ok = line && !ferror(f);
    free(line);
    return ok;
}

/* n numbers with commas between; anything else is a wrong call. */
static void numbers(const char *v, double *out, int n)
{
    for (int i = 0; i < n; i++) {
        char *end;
        out[i] = strtod(v, &end);
        if (end == v || *end != (i + 1 < n ? ',' : 0)) {
            fprintf(stderr, "make_head: that takes %d numbers with commas between\n", n);
            exit(2);
        }
        v = end + 1;
    }
}

static args parse(int argc, char **argv)
{
    args a = {.kind = "head",
              .orient = "RAS",
              .dtype = "int16",
              .contrast = "t1",
              .size = 2,
              .frames = 1,
              .view = {-96, 96, -128, 128, -136, 112},
              .ball = {0, 0, 0, 10}};
    for (int i = 1; i < argc; i++) {
        const char *o = argv[i];
        if (strncmp(o, "--", 2) != 0) {
            a.out = o;
            continue;
        }
        if (!strcmp(o, "--big-endian")) {
            a.big_endian = 1;
            continue;
        }
        const char *v = i + 1 < argc ? argv[++i] : "";
        if (!strcmp(o, "--kind"))
            a.kind = v;
        else if (!strcmp(o, "--size"))
            a.size = atof(v);
        else if (!strcmp(o, "--orient"))
            a.orient = v;
        else if (!strcmp(o, "--dtype"))
            a.dtype = v;
        else if (!strcmp(o, "--frames"))
            a.frames = atoi(v);
        else if (!strcmp(o, "--nose"))
            a.nose = atof(v);
        else if (!strcmp(o, "--text"))
            a.text = v;
        else if (!strcmp(o, "--special"))
            a.special = v;
        else if (!strcmp(o, "--contrast"))
            a.contrast = v;
        else if (!strcmp(o, "--header"))
            a.header = v;
        else if (!strcmp(o, "--spacing"))
            numbers(v, a.spacing, 3);
        else if (!strcmp(o, "--view"))
            numbers(v, a.view, 6);
        else if (!strcmp(o, "--move"))
            numbers(v, a.move, 4);
        else if (!strcmp(o, "--ball"))
            numbers(v, a.ball, 4);
        else if (!strcmp(o, "--origin"))
            numbers(v, a.origin, 3);
        else
            a.out = NULL, i = argc;
    }
    for (int i = 0; i < 3; i++)
        a.spacing[i] = a.spacing[i] > 0 ? a.spacing[i] : a.size;
    return a;
}

int main(int argc, char **argv)
{
    args a = parse(argc, argv);
    if (!a.out || a.size <= 0 || a.frames < 1) {
        fprintf(stderr, "make_head: OUT and options; see the head of its source\n");
        return 2;
    }
    grid g = make_grid(&a);
    uint8_t header[HEADER];
    make_header(&a, &g, header);
    FILE *f = fopen(a.out, "wb");
    if (!f) {
        fprintf(stderr, "make_head: %s\n", strerror(errno));
        return 5;
    }
    int ok = fwrite(header, 1, HEADER, f) == HEADER && write_voxels(&a, &g, f);
    return fclose(f) || !ok ? 5 : 0;
}
