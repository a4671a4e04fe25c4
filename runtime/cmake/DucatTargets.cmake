# How a target of this project is made: warnings, sanitizers, libraries, tests.

add_library(ducat_flags INTERFACE)
target_compile_options(ducat_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  # GCC 12 sees an overlap in every `"literal" + string` (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Clang's -Wconversion has more in it than GCC's, and libstdc++ 12 uses what it deprecates itself.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion;-Wno-deprecated-declarations>
  # Sources that are compiled together see each other's anonymous namespaces.
  $<$<AND:$<BOOL:${DUCAT_UNITY}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>
  $<$<BOOL:${DUCAT_UNITY}>:-Wno-shadow>
  $<$<BOOL:${DUCAT_WERROR}>:-Werror>)
if(DUCAT_SANITIZE)
  list(JOIN DUCAT_SANITIZE "," _sanitizers)
  # CAF 0.17.6 forms a null reference when it spawns a function actor without arguments.
  set(_sanitizer_options -fsanitize=${_sanitizers} -fno-sanitize=null,vptr
      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(ducat_flags INTERFACE ${_sanitizer_options})
  # Compilers do not agree on how sources are to know.
  target_compile_definitions(ducat_flags INTERFACE
    $<$<IN_LIST:address,${DUCAT_SANITIZE}>:DUCAT_ADDRESS_SANITIZED>
    $<$<IN_LIST:thread,${DUCAT_SANITIZE}>:DUCAT_THREAD_SANITIZED>)
  target_link_options(ducat_flags INTERFACE ${_sanitizer_options})
endif()

# What compiler, library and linker offer against mistakes with memory: see docs/security.md.
target_compile_options(ducat_flags INTERFACE
  -fstack-protector-strong -fstack-clash-protection
  $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>)
target_compile_definitions(ducat_flags INTERFACE _GLIBCXX_ASSERTIONS)
# It needs an optimised build, and sanitizers see more than it does.
if(NOT DUCAT_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(ducat_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
target_link_options(ducat_flags INTERFACE LINKER:-z,relro,-z,now,-z,noexecstack)

find_program(DUCAT_MOLD mold)
if(DUCAT_MOLD)
  target_link_options(ducat_flags INTERFACE -fuse-ld=mold)
endif()

# ducat_library(NAME SOURCES ... DEPS ...): the static library ducat_NAME, known as ducat::NAME,
# with its public headers in include/.
function(ducat_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;PRIVATE_DEPS")
  add_library(ducat_${name} STATIC ${arg_SOURCES})
  add_library(ducat::${name} ALIAS ducat_${name})
  set_target_properties(ducat_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(ducat_${name}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(ducat_${name}
    PUBLIC ${arg_DEPS}
    PRIVATE ${arg_PRIVATE_DEPS} $<BUILD_INTERFACE:ducat_flags>)
endfunction()

# ducat_test(NAME LABEL label SOURCES ... DEPS ...): a GoogleTest program whose tests get the label
# unit (milliseconds, pure), process (files, sockets, processes; seconds) or model (long random
# runs). PROCESSORS is how many of them it keeps busy. SEPARATE: its sources use the same names, and
# are never compiled together. Each test is one of ctest's; the unit tests of a program that is
# sanitized are one together, because a sanitizer makes the start of a process take longer than most
# of them.
function(ducat_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SEPARATE" "LABEL;PROCESSORS" "SOURCES;DEPS")
  # OpenSSL's error state of a thread of gRPC's that ends while the process does is nobody's.
  set(sanitizer_environment "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
  if(NOT arg_PROCESSORS)
    set(arg_PROCESSORS 1)
  endif()
  add_executable(${name} ${arg_SOURCES})
  if(arg_SEPARATE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  target_include_directories(${name} PRIVATE
    ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/runtime ${PROJECT_SOURCE_DIR}/actors)
  target_link_libraries(${name} PRIVATE ${arg_DEPS} GTest::gmock GTest::gtest_main ducat_flags)
  if(DUCAT_SANITIZE AND arg_LABEL STREQUAL "unit")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 600 ENVIRONMENT "${sanitizer_environment}")
  else()
    gtest_discover_tests(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 600
      PROCESSORS ${arg_PROCESSORS}
      ENVIRONMENT "${sanitizer_environment}"
      DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
