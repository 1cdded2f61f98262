/// Why a run could not be made: nothing that the product did.
package struct ChaosFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
