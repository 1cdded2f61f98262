import Testing

@testable import BenchmarkStatistics

@Suite struct StatisticsTests {
    @Test(arguments: [([3], 3), ([1, 2], 1.5), ([9, 1, 5], 5), ([4, 1, 3, 2], 2.5)] as [([Double], Double)])
    func theMedianIsTheMiddle(values: [Double], median: Double) {
        #expect(MedianEstimate(values)?.median == median)
    }

    @Test func nothingHasNoMedian() {
        #expect(MedianEstimate([]) == nil)
        #expect(PairedSample().ratio == nil)
    }

    /// From the tables of the sign test for 5 %, two-sided; the rank is one more than the critical count.
    @Test(arguments: [(1, 0), (5, 0), (6, 1), (8, 1), (9, 2), (12, 3), (20, 6), (30, 10), (40, 14), (100, 40)])
    func theRankIsThatOfTheSignTest(count: Int, rank: Int) {
        #expect(MedianEstimate.rank(count) == rank)
    }

    @Test func theIntervalLiesBetweenTwoValues() {
        let estimate = MedianEstimate((1...30).map(Double.init).reversed())
        #expect(estimate?.interval == 10...21)
        #expect(MedianEstimate([1, 2, 3])?.interval == nil)
    }

    /// Of 2,000 samples of 30 tossed numbers about 95.7 % have the true median in their intervals.
    @Test func theIntervalHoldsTheMedianAsOftenAsItSays() {
        var state: UInt64 = 1
        var hits = 0
        for _ in 0..<2000 {
            let values = (0..<30).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Double(state >> 33) / Double(1 << 31)
            }
            if MedianEstimate(values)?.interval?.contains(0.5) == true { hits += 1 }
        }
        #expect((1870...1950).contains(hits))
    }

    @Test func theRatioIsTakenPairByPair() {
        var sample = PairedSample()
        for load in [1.0, 10, 100] { sample.add(measured: load * 1.5, floor: load) }
        #expect(sample.ratio?.median == 1.5)
        #expect(sample.measured?.median == 15)
        #expect(sample.floor?.median == 10)
    }
}
