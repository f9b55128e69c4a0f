// Linked into the shared library only.
#include "module_folder.h"

const bool lsl::needs_llama_beside = true;
