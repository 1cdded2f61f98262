extension ConformanceCase {
    /// The whole suite. Areas that take long come first, so that a parallel run does not end with one of them.
    static let all: [ConformanceCase] =
        isolationCases + againCases + manyCases + createCases + cancelCases + partialCases + deleteCases + adoptCases
        + replaceCases + inventoryCases + foreignCases + nameCases + fileCases + portCases + probeCases
        + connectionCases + limitCases + jobCases + jobTroubleCases + imageCases + progressCases + refusalCases
}
