/* survey_dictionaries: the dictionaries of a survey. */
#ifndef STORE_SURVEY_DICTIONARIES_H
#define STORE_SURVEY_DICTIONARIES_H

#include "store/survey.h"

int survey_dictionaries_read(struct survey *survey, struct err *err);

#endif
