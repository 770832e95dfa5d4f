# Everything that Muster stands on, all of it from Debian's packages. The README names the reason of each.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
if(Boost_VERSION VERSION_GREATER_EQUAL 1.82) # from then on Boost.URL is a compiled library only
  find_package(Boost REQUIRED COMPONENTS url)
endif()
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(CURL REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(absl REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libmariadb REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(libical REQUIRED IMPORTED_TARGET libical)
pkg_check_modules(libssh2 REQUIRED IMPORTED_TARGET libssh2>=1.10)

# One compiler cache for every preset and every clone: the sources' own paths are kept out of the key.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

# Boost as Muster uses it: header-only Asio without its deprecated parts, std::filesystem in Boost.Process.
add_library(muster_boost INTERFACE)
target_link_libraries(muster_boost INTERFACE Boost::headers $<TARGET_NAME_IF_EXISTS:Boost::url> Threads::Threads)
target_compile_definitions(muster_boost INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_PROCESS_USE_STD_FS
                                                  BOOST_ERROR_CODE_HEADER_ONLY)
