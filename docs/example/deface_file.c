/* deface_file IN OUT: the shortest whole program. The exit code is the status of the library. */
#include <stdio.h>
#include <voxveil.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: deface_file IN OUT\n");
        return VV_E_USAGE;
    }
    vv_err err = {0};
    vv_engine *engine = NULL;
    vv_status status = vv_engine_create(NULL, &engine, &err); /* NULL: the best device, every core */
    vv_report *report = NULL;
    if (!status)
        status = vv_deface_file(engine, argv[1], argv[2], NULL, &report, &err);
    if (report)
        printf("%s\n", vv_report_json(report));
    if (status)
        fprintf(stderr, "%s: %s\n", err.where, err.message);
    vv_report_destroy(&report);
    vv_engine_destroy(&engine);
    return status;
}
