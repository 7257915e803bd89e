"""The Debian package: otwatch with everything it needs but Python, for a box without internet. `make deb` builds it.

    build.py    wheels, units and examples -> dist/otwatch_VERSION_amd64.deb       manual.py   the commands -> otwatch(1)
    control, postinst, prerm, postrm, copyright, lintian-overrides                  what dpkg wants beside them
"""
