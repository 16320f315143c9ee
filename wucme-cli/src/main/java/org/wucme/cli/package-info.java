/** The {@code wucme} command: what an administrator types, on top of the libraries. */
@NullMarked
package org.wucme.cli;

import org.jspecify.annotations.NullMarked;
