/* deface_buffer NX NY NZ MM: an image in memory. Reads NX*NY*NZ int16 voxels of MM millimetres from standard input (x
 * to the subject's right, y to the front, z to the head) and prints them without the face. A pipeline would have them
 * in memory already, whatever the format they came in. */
#include <stdio.h>
#include <stdlib.h>
#include <voxveil.h>

static int on_progress(void *user, const char *stage, double fraction)
{
    (void)user;
    fprintf(stderr, "%s %3.0f %%\n", stage, fraction * 100);
    return 0; /* anything else stops the job */
}

static vv_status deface(vv_image *image, vv_err *err)
{
    vv_engine_options options = {.size = sizeof options, .device = "cpu", .progress = on_progress};
    vv_deface_options deface = {.size = sizeof deface, .regions = VV_REGION_FACE | VV_REGION_EARS};
    vv_engine *engine = NULL;
    vv_status status = vv_engine_create(&options, &engine, err);
    if (!status)
        status = vv_deface_image(engine, image, &deface, NULL, err);
    vv_engine_destroy(&engine);
    return status; /* anything but VV_OK: the voxels are zeros now */
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: deface_buffer NX NY NZ MM <voxels >voxels\n");
        return VV_E_USAGE;
    }
    double mm = atof(argv[4]);
    vv_image image = {
        .size = sizeof image,
        .dims = {atoi(argv[1]), atoi(argv[2]), atoi(argv[3])},
        .dtype = VV_DT_I16,
        .affine = {mm, 0, 0, 0, 0, mm, 0, 0, 0, 0, mm, 0},
    };
    size_t voxels = (size_t)image.dims[0] * (size_t)image.dims[1] * (size_t)image.dims[2];
    image.data = malloc(voxels * 2);
    if (!image.data || fread(image.data, 2, voxels, stdin) != voxels) {
        fprintf(stderr, "deface_buffer: too few voxels on standard input\n");
        free(image.data);
        return VV_E_REFUSED;
    }
    vv_err err = {0};
    vv_status status = deface(&image, &err);
    if (status)
        fprintf(stderr, "%s: %s\n", err.where, err.message);
    else if (fwrite(image.data, 2, voxels, stdout) != voxels)
        status = VV_E_RESOURCE;
    free(image.data);
    return status;
}
