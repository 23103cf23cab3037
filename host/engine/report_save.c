/* A report in a file of its own. */
#include "report.h"
#include "side.h"
#include "sink.h"
#include <string.h>

/* The report and a newline, on the way to `path`. *sink is NULL on failure. */
static vv_status begin(const vv_report *report, const char *path, vv_sink **sink, vv_err *err)
{
    const char *json = vv_report_json(report);
    vv_status status = vv_sink_open(path, sink, err);
    if (!status)
        status = vv_sink_write(*sink, json, strlen(json), err);
    if (!status)
        status = vv_sink_write(*sink, "\n", 1, err);
    if (status)
        vv_sink_discard(sink);
    return status;
}

vv_status vv_report_save(const vv_report *report, const char *path, int force, vv_err *err)
{
    if (!report || !path)
        return vv_fail(err, VV_E_USAGE, "report", "the report or its path is missing");
    vv_sink *sink = NULL;
    vv_status status = begin(report, path, &sink, err);
    if (!status)
        status = vv_sink_commit(&sink, force != 0, err);
    return vv_side_named(status, "report", err);
}

vv_status vv_report_quarantine(const vv_report *report, const char *path, const char *dir, vv_err *err)
{
    vv_sink *sink = NULL;
    vv_status status = begin(report, path, &sink, err);
    return status ? status : vv_sink_commit_to(&sink, dir, err);
}
