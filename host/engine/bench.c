/* The kernels' speed as CSV. */
#include "engine.h"

vv_status vv_bench_kernels_csv(vv_engine *engine, char **out, vv_err *err)
{
    if (!engine || !out)
        return vv_fail(err, VV_E_USAGE, "bench", "the engine or the place for the text is missing");
    *out = NULL;
    return vv_fail(err, VV_E_USAGE, "bench", "this build has no kernel benchmark");
}
