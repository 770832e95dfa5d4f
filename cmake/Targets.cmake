# muster_library(NAME LINKS... ): one library for one folder of src/; its links are the house's arrows.
# muster_embed(TARGET NAMESPACE FILES...): makes text files into `NAMESPACE::kName` string_views in
#   "embedded/<target>.hpp" (file name a.b.sh -> k_a_b_sh), so that the binary stays one file.
# muster_test(FOLDER LINKS...): test_<FOLDER> from tests/<FOLDER>/*.cpp, registered with ctest.

add_library(muster_options INTERFACE)
target_compile_options(muster_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                -Wno-sign-conversion)
# A warning is an error where we build, not on a user's machine. GCC 12's optimiser sees overflows in its own
# std::string that are not there (GCC bug 105651): those warnings are for the unoptimised builds.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(muster_options INTERFACE -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict
                                                  -Wno-array-bounds -Wno-maybe-uninitialized)
else()
  target_compile_options(muster_options INTERFACE -Werror)
endif()
if(MUSTER_SANITIZE)
  # The checks that are left out multiply Beast's and nlohmann's compile time; the soak runs the full set.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,alignment,vptr,object-size
                      -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address,undefined)
endif()

# bfd's ld takes three times as long for what is full of debug information; what users run is linked with the default.
find_program(MUSTER_GOLD ld.gold)
if(MUSTER_GOLD AND NOT MUSTER_FUZZ AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-fuse-ld=gold)
endif()

if(MUSTER_FUZZ)
  # Warnings are GCC's here, which builds everything else; clang is only asked to watch.
  target_compile_options(muster_options INTERFACE -Wno-error -w)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# Several sources as one: half the time of a build from nothing, twice that of a small change. Names in the anonymous
# namespaces of one folder are different ones, therefore.
option(MUSTER_UNITY "Compile the sources of a library in bunches" OFF)
set(MUSTER_BUNCH 12) # sources in one

# The headers that nearly every file reads: two seconds of each compilation. ccache needs -fpch-preprocess.
# Each is 150 MB on disk: not worth it where few compilations read it.
option(MUSTER_PCH "Precompile the headers that nearly every file reads" OFF)
function(muster_precompile target sources)
  list(LENGTH sources count)
  if(MUSTER_UNITY)
    math(EXPR count "${count} / ${MUSTER_BUNCH}")
  endif()
  if(MUSTER_PCH AND count GREATER 3)
    target_compile_options(${target} PRIVATE -fpch-preprocess)
    target_precompile_headers(${target} PRIVATE <nlohmann/json.hpp> <fmt/format.h> <boost/system/result.hpp>
                              <algorithm> <functional> <map> <memory> <optional> <string> <variant> <vector> ${ARGN})
  endif()
endfunction()

function(muster_bunch target)
  if(MUSTER_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${MUSTER_BUNCH})
    # In a bunch GCC takes an anonymous namespace for that of a header.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

function(muster_library name)
  cmake_parse_arguments(ARG "" "" "LINKS;SYSTEM" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(muster_${name} STATIC ${sources})
    target_link_libraries(muster_${name} PRIVATE muster_options)
    target_include_directories(muster_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(muster_${name} PUBLIC ${ARG_LINKS} ${ARG_SYSTEM})
    muster_precompile(muster_${name} "${sources}")
    muster_bunch(muster_${name})
  else()
    add_library(muster_${name} INTERFACE)
    target_include_directories(muster_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(muster_${name} INTERFACE ${ARG_LINKS} ${ARG_SYSTEM})
  endif()
endfunction()

function(muster_embed target namespace)
  set(header ${CMAKE_BINARY_DIR}/generated/embedded/${target}.hpp)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DOUT=${header} -DNAMESPACE=${namespace} "-DFILES=${ARGN}"
            -P ${CMAKE_SOURCE_DIR}/cmake/Embed.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/Embed.cmake
    VERBATIM)
  add_custom_target(${target}_embedded DEPENDS ${header})
  add_dependencies(${target} ${target}_embedded)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()

function(muster_test name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(test_${name} PRIVATE MUSTER_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(test_${name} PRIVATE muster_options muster_catch_main ${ARGN})
  muster_precompile(test_${name} "${sources}" <${CMAKE_SOURCE_DIR}/tests/catch.hpp>)
  muster_bunch(test_${name})
  add_test(NAME ${name} COMMAND test_${name})
endfunction()
