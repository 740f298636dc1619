/* What forbids each request, and what it does. As simulator/commands.py. */
#ifndef SUNFLOWER_COMMANDS_H
#define SUNFLOWER_COMMANDS_H

#include "head.h"

enum { GRANTED = 0 };

/* Carry out a request to this head, or say why not (REFUSAL_*) and change nothing. */
uint8_t command_obey(struct head *head, uint8_t id, const uint8_t *payload);

/* A request to all: a head that cannot stow stands still, because nobody would hear it refuse. */
void command_obey_broadcast(struct head *head, uint8_t id, const uint8_t *payload);

/* Whether a call to all is one that this head answers; given an address, it has taken it then. */
bool command_is_called(struct head *head, uint8_t id, const uint8_t *payload);

#endif
