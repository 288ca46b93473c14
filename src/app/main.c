/* main.c - the program's entry. */
#include "app/cli.h"

#include <signal.h>

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a closed peer is an answer code, not our end */
    return cli_run(argc, argv);
}
