#include "cli/app.h"

int main(int argc, char** argv) { return animate::cli::run(argc, argv); }
