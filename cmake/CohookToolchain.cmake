# CohookToolchain.cmake - build a CMake project with cohook-cc, and link what is C and C++ with cohook-c++:
#
#   cmake -DCMAKE_TOOLCHAIN_FILE=.../CohookToolchain.cmake [-DCOHOOK_THREADS=fiber] ...
#
# The compiler is found relative to this file, which lies in the source tree, in the build tree and in an
# installation. COHOOK_THREADS is a cache variable: fiber makes a fiber of every pthread_create, os makes
# threads; empty leaves it to the environment.

function(cohook_find_compiler out name)
  set(folder ${CMAKE_CURRENT_LIST_DIR})
  while(TRUE)
    foreach(candidate bin/${name} build/bin/${name})
      if(EXISTS ${folder}/${candidate})
        set(${out} ${folder}/${candidate} PARENT_SCOPE)
        return()
      endif()
    endforeach()
    get_filename_component(above ${folder} DIRECTORY)
    if(above STREQUAL folder)
      message(FATAL_ERROR "CohookToolchain.cmake: there is no ${name} in a folder above "
        "${CMAKE_CURRENT_LIST_DIR}; build cohook first")
    endif()
    set(folder ${above})
  endwhile()
endfunction()

set(COHOOK_THREADS "$CACHE{COHOOK_THREADS}" CACHE STRING "What pthread_create makes: fiber or os")
set_property(CACHE COHOOK_THREADS PROPERTY STRINGS "" fiber os)
if(NOT COHOOK_THREADS MATCHES "^(|fiber|os)$")
  message(FATAL_ERROR "COHOOK_THREADS is \"${COHOOK_THREADS}\"; it may be fiber or os")
endif()
# The projects of try_compile must be configured alike.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES COHOOK_THREADS)

if(NOT CMAKE_C_COMPILER)
  cohook_find_compiler(CMAKE_C_COMPILER cohook-cc)
endif()
if(NOT CMAKE_CXX_COMPILER)
  cohook_find_compiler(CMAKE_CXX_COMPILER cohook-c++)
endif()
# For the directory of the project and all below it, so that a later change of the variable takes effect.
if(COHOOK_THREADS)
  add_compile_options($<$<COMPILE_LANGUAGE:C>:--cohook-threads=${COHOOK_THREADS}>)
endif()
