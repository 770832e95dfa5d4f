# What `cmake --install` and the Debian package hold: one binary, its man page, completions, documents and examples.
include(GNUInstallDirs)
set(made ${CMAKE_BINARY_DIR}/install)
add_custom_command(
  OUTPUT ${made}/muster.1 ${made}/muster ${made}/_muster ${made}/muster.fish
  COMMAND ${CMAKE_COMMAND} -E make_directory ${made}
  COMMAND muster man-page > ${made}/muster.1
  COMMAND muster completion bash > ${made}/muster
  COMMAND muster completion zsh > ${made}/_muster
  COMMAND muster completion fish > ${made}/muster.fish
  DEPENDS muster
  VERBATIM)
add_custom_target(install_texts ALL DEPENDS ${made}/muster.1)

install(TARGETS muster RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${made}/muster.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${made}/muster DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${made}/_muster DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${made}/muster.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES docs/systemd/muster@.service DESTINATION lib/systemd/system)
install(DIRECTORY drills playbooks inventory DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# `cpack --config build/release/CPackConfig.cmake`: a package for the Debian that it is built on.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME muster)
set(CPACK_PACKAGE_CONTACT "The Muster maintainers <muster@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "chaos and disaster recovery drill runner")
set(CPACK_PACKAGE_DESCRIPTION
    "Muster executes declarative drills: it injects faults, kills nodes, restores backups to a\n target, times the recovery against a declared RTO and RPO, and keeps a record that a stranger\n can verify. It needs nothing on the targets but sshd and sh.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "openssh-client")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "mmdebstrap, iproute2, postgresql-client")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
