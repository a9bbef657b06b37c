# Flags, dependencies and the one way to declare a target: used by every folder.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(CAF 0.17.6 REQUIRED)
find_package(Zstd REQUIRED)
# Header-only, and not on every distribution with a CMake package.
find_path(TomlPlusPlus_INCLUDE_DIR toml++/toml.h REQUIRED)
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)

add_library(troupe_options INTERFACE)
target_compile_features(troupe_options INTERFACE cxx_std_20)
target_compile_options(troupe_options INTERFACE -Wall -Wextra -Wpedantic -Werror=switch -Wno-missing-field-initializers)
# GCC 12 warns about variants that it lost track of.
target_compile_options(troupe_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(TROUPE_SANITIZER STREQUAL "address")
  # CAF's headers bind null references when they spawn a function without arguments. The check of virtual tables
  # opens a pipe, which fails in the tests that run out of file descriptors.
  target_compile_options(troupe_options INTERFACE -fsanitize=address,undefined -fno-sanitize=null,vptr
    -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(troupe_options INTERFACE -fsanitize=address,undefined)
elseif(TROUPE_SANITIZER STREQUAL "thread")
  target_compile_options(troupe_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer
    # Asio fences, GCC says that it cannot see them: nothing of ours relies on them.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  target_link_options(troupe_options INTERFACE -fsanitize=thread)
endif()
if(TROUPE_FUZZERS)
  target_compile_options(troupe_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=undefined)
  target_link_options(troupe_options INTERFACE -fsanitize=address,undefined)
endif()

# What nearly every source with actors includes is parsed once for all of them. Nothing of ours is among it, so that no
# change of ours builds it again. header_check is without: a header still has to name what it uses.
set(troupe_precompiled <boost/describe.hpp> <boost/mp11.hpp> <caf/scoped_actor.hpp> <caf/send.hpp>
  <caf/stateful_actor.hpp> <caf/typed_event_based_actor.hpp> <chrono> <functional> <map> <memory> <optional> <string>
  <variant> <vector>)
# ccache needs to know that it is the same.
target_compile_options(troupe_options INTERFACE "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")

# The root is the only include directory; `#include <troupe/troupe.hpp>` works in the tree as it does when installed.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/include/troupe/troupe.hpp CONTENT "#include \"actors/troupe.hpp\"\n")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/include/troupe/testing.hpp CONTENT
  "#include \"actors/testing/testing.hpp\"\n")

# troupe_library(name SOURCES ... LINK ... [PRIVATE_LINK ...]): a library of ours, with its alias troupe::name.
# Its link list is the rule of who may include whom. ACTORS: it is built with the precompiled headers above.
function(troupe_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ACTORS" "" "SOURCES;LINK;PRIVATE_LINK")
  if(arg_SOURCES)
    add_library(troupe_${name} STATIC ${arg_SOURCES})
    target_include_directories(troupe_${name} PUBLIC
      $<BUILD_INTERFACE:${troupe_SOURCE_DIR}>
      $<BUILD_INTERFACE:${CMAKE_BINARY_DIR}/include>
      $<INSTALL_INTERFACE:include>)
    target_link_libraries(troupe_${name}
      PUBLIC ${arg_LINK}
      PRIVATE $<BUILD_INTERFACE:troupe_options> ${arg_PRIVATE_LINK})
    target_compile_features(troupe_${name} PUBLIC cxx_std_20)
    if(arg_ACTORS AND name STREQUAL supervisors)
      target_precompile_headers(troupe_supervisors PRIVATE ${troupe_precompiled})
    elseif(arg_ACTORS)
      target_precompile_headers(troupe_${name} REUSE_FROM troupe_supervisors)
    endif()
  else()
    add_library(troupe_${name} INTERFACE)
    target_link_libraries(troupe_${name} INTERFACE ${arg_LINK})
  endif()
  add_library(troupe::${name} ALIAS troupe_${name})
  set_target_properties(troupe_${name} PROPERTIES EXPORT_NAME ${name})
  set_property(GLOBAL APPEND PROPERTY TROUPE_LIBRARIES troupe_${name})
endfunction()

# troupe_program(name SOURCES ... LINK ...): a program in build/bin/.
function(troupe_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE troupe_options ${arg_LINK})
endfunction()

# Asio and Beast, as they are used everywhere: header-only, in few sources.
add_library(troupe_beast INTERFACE)
target_link_libraries(troupe_beast INTERFACE Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(troupe_beast INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION)
# Static libraries name what they were linked with: it is installed with them.
set_target_properties(troupe_beast PROPERTIES EXPORT_NAME beast)
set_property(GLOBAL APPEND PROPERTY TROUPE_LIBRARIES troupe_beast)
