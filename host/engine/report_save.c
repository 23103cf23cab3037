/* A report in a file of its own. */
#include "sink.h"
#include <string.h>

static vv_status write_line(vv_sink *sink, const char *json, vv_err *err)
{
    vv_status status = vv_sink_write(sink, json, strlen(json), err);
    return status ? status : vv_sink_write(sink, "\n", 1, err);
}

vv_status vv_report_save(const vv_report *report, const char *path, int force, vv_err *err)
{
    if (!report || !path)
        return vv_fail(err, VV_E_USAGE, "report", "the report or its path is missing");
    vv_sink *sink = NULL;
    vv_status status = vv_sink_open(path, &sink, err);
    if (status)
        return status;
    status = write_line(sink, vv_report_json(report), err);
    if (status) {
        vv_sink_discard(&sink);
        return status;
    }
    return vv_sink_commit(&sink, force != 0, err);
}
