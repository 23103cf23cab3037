/* certificate.h - what the checks of one volume show, and what they do not, in words. */
#ifndef VV_CERTIFICATE_H
#define VV_CERTIFICATE_H
#include "json.h"
#include "report.h"

/* Puts "certificate" into w's report: the skin of each part of the face before and after, what was shown (of the gates
 * that passed, and of these alone) and what was not. */
void vv_certificate_put(vv_json *w, const vv_report_facts *f);

/* What no check of this version shows, whatever it found: one sentence after the other. A literal; the last is NULL. */
extern const char *const vv_never_shown[];
#endif
