# Writes the sources of the thunks of shared libraries, one for each function that has a mirror; runtime/shared/slot.h
# says why.

# The list of the sources goes into the variable OUT.
function(cohook_thunk_sources out)
  set(hooks_def ${PROJECT_SOURCE_DIR}/include/cohook/hooks.def)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${hooks_def})
  file(STRINGS ${hooks_def} rows REGEX "^(HOOK|GNU|CONSOLE|ALIAS|FORMAT)\\(")
  set(sources)
  foreach(row IN LISTS rows)
    string(REGEX MATCH "^([A-Z]+)\\(([A-Za-z0-9_]+), *([A-Za-z0-9_]+)" row "${row}")
    set(kind ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    if(kind STREQUAL FORMAT)
      set(name ${CMAKE_MATCH_3})
    endif()
    set(weak)
    if(NOT kind MATCHES "^(HOOK|CONSOLE)$") # not every libc has it
      set(weak " __attribute__((weak))")
    endif()
    set(source ${CMAKE_CURRENT_BINARY_DIR}/thunks/${name}.c)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"/* Written by cmake/Thunks.cmake. */
#include \"shared/slot.h\"

extern void @name@(void)@weak@;

SLOT(@name@, @name@);
")
    list(APPEND sources ${source})
  endforeach()
  set(${out} ${sources} PARENT_SCOPE)
endfunction()
