#include "SecretCanariesStart.h"

// In Swift, in SecretCanaries.
void antidote_tests_start_recording(void);

// Logs, metrics and traces go where the first who says so wants them: here, before there is a test.
__attribute__((constructor)) static void start(void) { antidote_tests_start_recording(); }
