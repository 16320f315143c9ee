/** The load actions: what is done with a certificate once it is stored, as an administrator configures it. */
@NullMarked
package org.wucme.cli.load;

import org.jspecify.annotations.NullMarked;
