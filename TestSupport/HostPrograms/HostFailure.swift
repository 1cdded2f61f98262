/// Why a program of the host could not be used: nothing that the product did.
package struct HostFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
