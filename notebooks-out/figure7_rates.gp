# test error (%) at the end over the learning rate, mean and range over the seeds; lines side by side
# gnuplot figure7_rates.gp   draws figure7_rates.svg from figure7_rates.csv, all beside this script.
# rsvg-convert -f pdf -o figure7_rates.pdf figure7_rates.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 3.35 by 2.6 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 322,250 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'figure7_rates'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > figure7_rates.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set logscale x 10
set mxtics 10
set logscale y 10
set mytics 10
set margins screen 0.149254, screen 0.691542, screen 0.15, screen 0.97
set errorbars small
set xrange [0.00230769:0.13]
set yrange [13.3055:19.7381]
unset mxtics
unset mytics
set xtics ('0.003' 0.003, '0.01' 0.01, '0.03' 0.03, '0.1' 0.1)
set ytics ('14' 14, '15' 15, '16' 16, '17' 17, '18' 18, '19' 19)
set xlabel 'learning rate' offset 0,0.5
set ylabel 'test error (%)' offset 0.3,0
set label 'RAdam' at graph 1.02, first 14.1 left textcolor linetype 1 font ',7.5' front
set label 'Adam, warmup 35' at graph 1.02, first 16.45 left textcolor linetype 2 font ',7.5' front
set label 'Adam, warmup 70' at graph 1.02, first 15.7023 left textcolor linetype 3 font ',7.5' front
set label 'Adam, warmup 140' at graph 1.02, first 15.3049 left textcolor linetype 4 font ',7.5' front
set label 'Adam, warmup 280' at graph 1.02, first 14.9175 left textcolor linetype 5 font ',7.5' front
plot 'figure7_rates.csv' using 'place':'error' every ::0::3 with lines linetype 1 linewidth 1.1, \
     '' using 'place':'error':'low':'high' every ::0::3 with yerrorbars linetype 1 dashtype solid linewidth 0.7 pointsize 0.5, \
     'figure7_rates.csv' using 'place':'error' every ::4::7 with lines linetype 2 linewidth 1.1, \
     '' using 'place':'error':'low':'high' every ::4::7 with yerrorbars linetype 2 dashtype solid linewidth 0.7 pointsize 0.5, \
     'figure7_rates.csv' using 'place':'error' every ::8::11 with lines linetype 3 linewidth 1.1, \
     '' using 'place':'error':'low':'high' every ::8::11 with yerrorbars linetype 3 dashtype solid linewidth 0.7 pointsize 0.5, \
     'figure7_rates.csv' using 'place':'error' every ::12::15 with lines linetype 4 linewidth 1.1, \
     '' using 'place':'error':'low':'high' every ::12::15 with yerrorbars linetype 4 dashtype solid linewidth 0.7 pointsize 0.5, \
     'figure7_rates.csv' using 'place':'error' every ::16::19 with lines linetype 5 linewidth 1.1, \
     '' using 'place':'error':'low':'high' every ::16::19 with yerrorbars linetype 5 dashtype solid linewidth 0.7 pointsize 0.5

unset output
