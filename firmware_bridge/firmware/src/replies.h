/* What the head says of itself, as it stands on the wire. */
#ifndef SUNFLOWER_REPLIES_H
#define SUNFLOWER_REPLIES_H

#include "head.h"

/* Each writes its payload, which is its message's *_BYTES long. */
void reply_greeting(const struct head *head, uint8_t *payload);
void reply_parameters(const struct head *head, uint8_t *payload);
void reply_status(struct head *head, uint8_t *payload); /* the host is then told of an expired lease */
void reply_refused(const struct head *head, uint8_t reason, uint8_t *payload);
void reply_here(const struct head *head, uint8_t *payload);
void reply_fault_report(const struct head *head, uint8_t *payload);

#endif
